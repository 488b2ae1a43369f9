"""Alpaca's form."""

from raftune.auditing.forms.alpaca import Alpaca


def test_documents_may_stand_in_the_instruction_or_the_input() -> None:
    blocks = "<DOCUMENT>A</DOCUMENT>"
    one = Alpaca().read({"instruction": f"{blocks}\nWhy?", "input": "", "output": "B"})
    two = Alpaca().read({"instruction": "Why?", "input": blocks, "output": "B"})
    assert one == two
    assert (one.documents, one.question) == (("A",), "Why?")
