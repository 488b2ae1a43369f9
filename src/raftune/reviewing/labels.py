"""labels.csv: what people think of answers that a judge has graded, from 0 to 1, to correct its grades by."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from raftune.artifact import Artifact, in_memory
from raftune.errors import ConfigError
from raftune.records import Label
from raftune.reviewing.cells import guarded, plain

FIELD_LIMIT = 10_000_000  # characters; the csv module refuses fields above 131,072 otherwise
COLUMNS = ("example", "system", "metric", "value", "question", "reference", "reply", "documents")


def list_labels(path: Path) -> Artifact[Label]:
    """The labels in the file, rows without a value left out; none where there is no file.

    Raises ConfigError that names the line of a value which is no number from 0 to 1, or where columns are missing.
    """
    if not path.exists():
        return in_memory("labels", Label, ())
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is not in UTF-8.", 'Save it again as "CSV UTF-8".') from error
    reader = rows_in(text)
    if missing := [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]:
        raise ConfigError(f"{path.name} has no column {missing[0]}.", "Make it with `raftune label`.")
    filled = [(reader.line_num, row) for row in reader if (row["value"] or "").strip()]
    return in_memory("labels", Label, [label_of(row, f"{path.name} line {line}") for line, row in filled])


def label_of(row: Mapping[str, str], place: str) -> Label:
    """One filled-in row. Raises ConfigError."""
    try:
        value = float(row["value"].replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ConfigError(f"{place}: {row['value']!r} is no number from 0 to 1.", "Correct or empty that cell.")
    return Label(example=plain(row["example"]), system=plain(row["system"]), metric=plain(row["metric"]), value=value)


def add_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Adds rows to fill in, and says how many; what stands in the file stays. Raises ConfigError."""
    new = list(rows)
    try:
        fresh = not path.exists()
        with path.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if fresh:
                writer.writeheader()
            writer.writerows({name: guarded(row.get(name, "")) for name in COLUMNS} for row in new)
    except OSError as error:
        advice = "Close it elsewhere, and try again."
        raise ConfigError(f"{path} cannot be written ({error.strerror}).", advice) from error
    return len(new)


def known(path: Path) -> set[tuple[str, str, str]]:
    """(example, system, metric) of all rows of the file, filled in or not."""
    if not path.exists():
        return set()
    rows = rows_in(path.read_bytes().decode("utf-8-sig"))
    return {(plain(row["example"]), plain(row["system"]), plain(row["metric"])) for row in rows}


def rows_in(text: str) -> "csv.DictReader[str]":
    """The rows of a CSV, its cells parted as the header's are: some countries' spreadsheets write semicolons."""
    header = text.partition("\n")[0]
    csv.field_size_limit(FIELD_LIMIT)
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), restval="")
