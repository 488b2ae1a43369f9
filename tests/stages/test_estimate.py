"""The quote is made from the training rows only."""

from pathlib import Path
from typing import Any

from raftune.artifact import in_memory
from raftune.records import CostQuote, Example
from raftune.stages.estimate import estimate
from raftune.training.config import TrainingConfig
from tests.stages.test_train import EXAMPLES, QUOTE
from tests.support import make_tools, rows_of


class Plugs:
    def trainer(self, name: str) -> "Plugs":
        return self

    def student_name(self) -> str:
        return "student"

    def quote(self, examples: list[Example], student: str, prompt: Any, options: Any) -> CostQuote:
        return QUOTE.changed(examples=len(examples))


def test_only_training_rows_are_priced(tmp_path: Path) -> None:
    quotes = rows_of(
        estimate, make_tools(tmp_path, Plugs()), TrainingConfig(), in_memory("assemble", Example, EXAMPLES)
    )
    assert [quote.examples for quote in quotes] == [sum(example.split == "train" for example in EXAMPLES)]
