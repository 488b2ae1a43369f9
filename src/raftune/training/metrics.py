"""metrics.csv: one line a step, in the columns of OpenAI's fine-tuning result file, without clock times."""

from collections.abc import Iterable
from pathlib import Path

from raftune.digest import Json
from raftune.training.shared_prefix import Tally

COLUMNS = ("step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy")
DIGITS = 6


def mean_loss(tally: Tally) -> float:
    """Nats a learned token, to 6 digits."""
    return round(tally.loss / tally.labels, DIGITS)


def accuracy(tally: Tally) -> float:
    """The share of learned tokens predicted right, to 6 digits."""
    return round(tally.right / tally.labels, DIGITS)


def line_of(step: int, training: Tally, validation: Tally | None) -> list[Json]:
    """The values of a step's line; None where there was no validation."""
    valid = [None, None] if validation is None else [mean_loss(validation), accuracy(validation)]
    return [step, mean_loss(training), accuracy(training), *valid]


def write_metrics(path: Path, lines: Iterable[list[Json]]) -> None:
    """Writes the lines with their header; a None becomes an empty field."""
    text = [",".join("" if value is None else str(value) for value in line) for line in lines]
    path.write_text("\n".join([",".join(COLUMNS), *text]) + "\n", encoding="utf-8")
