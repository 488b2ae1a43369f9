"""The chat form of OpenAI and Azure."""

import pytest

from raftune.auditing.forms.chat import Chat


def test_documents_question_and_target_are_told_apart() -> None:
    asked = "<DOCUMENT>One\ntwo.</DOCUMENT>\n<DOCUMENT>\nThree.\n</DOCUMENT>\nQuestion: How many?"
    parts = Chat().read({"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": "Two."}]})
    assert parts.documents == ("One\ntwo.", "Three.")
    assert (parts.question, parts.target) == ("How many?", "Two.")


@pytest.mark.parametrize(
    "messages", [None, [], [{"role": "user", "content": "a"}], [{"role": "user", "content": None}]]
)
def test_broken_conversations_are_refused(messages: object) -> None:
    with pytest.raises(ValueError, match=r"conversation|text"):
        Chat().read({"messages": messages})
