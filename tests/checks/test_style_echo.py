"""No row says how it was to be written."""

import pytest

from tests.checks.audit_rows import fault


@pytest.mark.parametrize(
    "wording",
    ["Rephrase it in a joyful and friendly tone.", "As requested in the prompt, 40.", "친근하고 다정한 말투로 답한다."],
)
def test_words_of_the_prompt_are_found(wording: str) -> None:
    assert fault("style_echo", target=wording) is not None


def test_words_of_a_document_are_none() -> None:
    text = "Staff answer the telephone in a friendly tone."
    assert fault("style_echo") is None
    assert fault("style_echo", target=text, documents=(text,)) is None
