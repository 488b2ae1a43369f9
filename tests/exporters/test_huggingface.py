"""The Hugging Face folder."""

from raftune.exporters import COLUMNS, huggingface
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


def test_the_columns_are_those_the_card_names() -> None:
    assert tuple(huggingface.plug.row(make_example(), default_prompt())) == COLUMNS == huggingface.plug.columns
