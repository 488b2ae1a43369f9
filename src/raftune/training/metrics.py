"""metrics.csv: one line a step, in the columns of OpenAI's fine-tuning result file, without clock times."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from raftune.digest import Json
from raftune.training.tally import Tally

COLUMNS = (
    "step",
    "train_loss",
    "train_mean_token_accuracy",
    "valid_loss",
    "valid_mean_token_accuracy",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
)
FIGURES = "figures.jsonl"
SPEED_COLUMNS = ("step", "seconds", "labelled_tokens", "tokens", "tokens_read")
DIGITS = 6
SHOWN_GAIN = 1.05


def mean_loss(tally: Tally) -> float:
    """Nats a learned token, to 6 digits."""
    return round(tally.loss / tally.labels, DIGITS)


def accuracy(tally: Tally) -> float:
    """The share of learned tokens predicted right, to 6 digits."""
    return round(tally.right / tally.labels, DIGITS)


def line_of(step: int, training: Tally, validation: Tally | None) -> list[Json]:
    """The values of a step's line; None where there was no validation, which always takes all validation rows."""
    valid = [None, None] if validation is None else [mean_loss(validation), accuracy(validation)]
    return [step, mean_loss(training), accuracy(training), *valid, *valid]


def write_metrics(path: Path, lines: Iterable[list[Json]]) -> None:
    """Writes the lines with their header; a None becomes an empty field."""
    text = [",".join("" if value is None else str(value) for value in line) for line in lines]
    path.write_text("\n".join([",".join(COLUMNS), *text]) + "\n", encoding="utf-8")


def words(tally: Tally, seconds: float) -> str:
    """What is said after a step that took `seconds`: loss, tokens predicted right, tokens/s, the gain of sharing."""
    gain = tally.tokens / tally.read
    shared = f", x{gain:.1f}" if gain > SHOWN_GAIN else ""
    return f"loss {mean_loss(tally):.2f}, {accuracy(tally):.0%} right, {tally.tokens / seconds:.0f} tokens/s{shared}"


def figures_of(training: Tally, validation: Tally | None, rate: float, norm: float, seconds: float) -> dict[str, float]:
    """A step's figures by name for trackers; `rate` is the learning rate, `norm` the length of the gradient before it
    was cut.
    """
    valid = {} if validation is None else {"valid_loss": mean_loss(validation), "valid_accuracy": accuracy(validation)}
    return {
        "train_loss": mean_loss(training),
        "train_accuracy": accuracy(training),
        **valid,
        "learning_rate": rate,
        "gradient_norm": norm,
        "tokens_per_second": training.tokens / seconds,
        "labelled_tokens_per_second": training.labels / seconds,
        "shared_prefix_gain": training.tokens / training.read,
    }


def append_speed(path: Path, step: int, tally: Tally, seconds: float) -> None:
    """Adds a line to speed.csv, which holds the clock times that metrics.csv leaves out."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(",".join(SPEED_COLUMNS) + "\n", encoding="utf-8")
    values = (step, f"{seconds:.3f}", tally.labels, tally.tokens, tally.read)
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(map(str, values)) + "\n")


def note_figures(work: Path, step: int, figures: Mapping[str, float]) -> None:
    """Adds a step's figures to a file beside the checkpoints, to be looked at while training goes on."""
    with (work / FIGURES).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, **figures}) + "\n")
