"""Alpaca's form."""

from raftune.exporters import alpaca
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_nothing_can_come_between_documents_and_question() -> None:
    row = alpaca.plug.row(make_example(), default_prompt())
    assert row["input"] == ""
    assert row["instruction"].endswith("</DOCUMENT>\nQuestion: What is the fee?")
