"""A platform's result file in the columns of metrics.csv; platforms differ in the names of columns."""

import csv
import io
from collections.abc import Sequence

from raftune.digest import Json

NAMES = {
    "valid_mean_token_accuracy": ("valid_mean_token_accuracy", "validation_mean_token_accuracy"),
    "full_valid_mean_token_accuracy": ("full_valid_mean_token_accuracy", "full_validation_mean_token_accuracy"),
    "valid_loss": ("valid_loss", "validation_loss"),
    "full_valid_loss": ("full_valid_loss", "full_validation_loss"),
}


def lines_of(text: str, columns: Sequence[str]) -> list[list[Json]]:
    """The lines of a result file with these columns; what is missing or no number is None. Lines without a step go."""
    found = []
    for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"))):
        values = [
            number(next((row[name] for name in NAMES.get(column, (column,)) if row.get(name)), ""))
            for column in columns
        ]
        if values and values[0] is not None:
            found.append([int(values[0]), *values[1:]])
    return found


def number(text: str) -> float | None:
    """A number, or None."""
    try:
        return float(text)
    except ValueError:
        return None
