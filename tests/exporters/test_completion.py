"""TRL's conversational prompt and completion."""

from raftune.exporters import completion
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_only_the_answer_is_the_completion() -> None:
    row = completion.plug.row(make_example(), default_prompt())
    assert [turn["role"] for turn in row["prompt"]] == ["system", "user"]
    assert [turn["role"] for turn in row["completion"]] == ["assistant"]
