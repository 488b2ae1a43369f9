"""Texts hold no hidden or broken characters."""

import pytest

from tests.checks.audit_rows import fault


@pytest.mark.parametrize("character", ["\u200b", "\u202e", "\ufffd", "\x07", "\ue012", "\U000e0041"])
def test_odd_characters_are_found(character: str) -> None:
    assert fault("odd_characters", documents=(f"a{character}b",)) == f"document: U+{ord(character):04X}"


def test_ordinary_marks_pass() -> None:
    assert fault("odd_characters", documents=("가나다 “é”\t☎️\n",)) is None
