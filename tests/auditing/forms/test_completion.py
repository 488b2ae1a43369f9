"""Prompt and completion."""

from raftune.auditing.forms.completion import Completion


def test_texts_and_messages_are_read() -> None:
    asked = "<DOCUMENT>A</DOCUMENT>\nWhy?"
    plain = Completion().read({"prompt": asked, "completion": "B"})
    turns = {"prompt": [{"role": "user", "content": asked}], "completion": [{"role": "assistant", "content": "B"}]}
    assert plain == Completion().read(turns)
    assert (plain.documents, plain.question, plain.target) == (("A",), "Why?", "B")
