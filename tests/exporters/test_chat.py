"""OpenAI's form."""

from raftune.exporters import chat
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_a_row_has_nothing_but_messages() -> None:
    row = chat.plug.row(make_example(), default_prompt())
    assert list(row) == ["messages"]
    assert row["messages"][-1]["content"].endswith("<ANSWER>: 7 coins")
    assert chat.plug.hosted
