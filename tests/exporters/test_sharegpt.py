"""ShareGPT's form."""

from raftune.exporters import sharegpt
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_turns_carry_from_and_value() -> None:
    row = sharegpt.plug.row(make_example(), default_prompt())
    assert [turn["from"] for turn in row["conversations"]] == ["system", "human", "gpt"]
