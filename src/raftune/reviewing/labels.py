"""labels.csv: what people think of answers that a judge has graded, from 0 to 1, to correct its grades by."""

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from raftune.artifact import Artifact, in_memory
from raftune.errors import ConfigError
from raftune.records import Label
from raftune.reviewing.cells import guarded, plain
from raftune.reviewing.sheets import reader_of, separator_of, text_of

NEEDED = ("example", "system", "metric", "value")
COLUMNS = (*NEEDED, "question", "reference", "reply", "documents")

Row = dict[str, str]


def list_labels(path: Path) -> Artifact[Label]:
    """The labels in the file, rows without a value left out; none where there is no file.

    Raises ConfigError that names the line of a value which is no number from 0 to 1, or where columns are missing.
    """
    filled = [(line, row) for line, row in rows_of(path) if row["value"].strip()]
    return in_memory("labels", Label, [label_of(row, f"{path.name} line {line}") for line, row in filled])


def rows_of(path: Path) -> list[tuple[int, Row]]:
    """All rows of the file, each with the line it ends on; none where there is no file. Raises ConfigError."""
    if not path.exists():
        return []
    reader = reader_of(text_of(path))
    if missing := [name for name in NEEDED if name not in (reader.fieldnames or ())]:
        raise ConfigError(f"{path.name} has no column {missing[0]}.", "Make it with `raftune label`.")
    try:
        return [(reader.line_num, {key: cell or "" for key, cell in row.items() if key}) for row in reader]
    except csv.Error as error:
        raise ConfigError(f"{path.name} line {reader.line_num} is not CSV ({error}).", "Mend that line.") from error


def label_of(row: Mapping[str, str], place: str) -> Label:
    """One filled-in row. Raises ConfigError."""
    try:
        value = float(row["value"].replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ConfigError(f"{place}: {row['value']!r} is no number from 0 to 1.", "Correct or empty that cell.")
    example, system, metric = key_of(row)
    return Label(example=example, system=system, metric=metric, value=value)


def add_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Adds rows to fill in, unless they are there, and says how many. What people wrote stays, columns of their own and
    what parts the cells too. Raises ConfigError.
    """
    old = [row for _, row in rows_of(path)]
    held = {key_of(row) for row in old}
    new = [{name: guarded(row.get(name, "")) for name in COLUMNS} for row in rows if key_of(row) not in held]
    separator = separator_of(text_of(path)) if old else ","
    columns = dict.fromkeys((*COLUMNS, *(name for row in old for name in row)))
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(columns), delimiter=separator, restval="")
            writer.writeheader()
            writer.writerows([*old, *new])
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        advice = "Close it elsewhere, and try again."
        raise ConfigError(f"{path} cannot be written ({error.strerror}).", advice) from error
    return len(new)


def key_of(row: Mapping[str, str]) -> tuple[str, str, str]:
    """What is labelled: an answer of a system, by a metric."""
    return plain(row["example"]), plain(row["system"]), plain(row["metric"])
