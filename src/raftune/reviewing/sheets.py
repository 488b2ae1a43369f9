"""Files to decide in: JSON lines, or CSV that spreadsheet programs open (UTF-8 with a byte order mark)."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from raftune.errors import ConfigError
from raftune.reviewing.cells import guarded, lines_of, one_a_line, plain
from raftune.reviewing.rows import COLUMNS

LISTS = ("quotes", "edited_quotes")
FIELD_LIMIT = 10_000_000  # characters; the csv module refuses fields above 131,072 otherwise


def write_sheet(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Writes rows by the file's extension, .jsonl or .csv; gives their number. Raises ConfigError."""
    count = 0

    def counted() -> Iterator[Mapping[str, str]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    lines = sheet_lines(counted(), extension(path))
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror}).", "Name another file.") from error
    return count


def sheet_lines(rows: Iterable[Mapping[str, str]], suffix: str) -> Iterator[str]:
    """The text of a sheet, .jsonl or .csv, as its rows come."""
    return as_csv(rows) if suffix == ".csv" else as_json_lines(rows)


def read_sheet(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The file's rows with the number of the line each ends on, from 1. Raises ConfigError where it cannot be read."""
    read = {".jsonl": from_json_lines, ".csv": from_csv}[extension(path)]
    return read(text_of(path), path.name)


def text_of(path: Path) -> str:
    """The text of a sheet, with or without a byte-order mark. Raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}).", "Name a file that is there.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not in UTF-8.", 'Save it again as "CSV UTF-8".') from error


def extension(path: Path) -> str:
    """.jsonl or .csv. Raises ConfigError for any other."""
    if path.suffix.lower() not in {".jsonl", ".csv"}:
        raise ConfigError(f"{path.name} is neither a .jsonl nor a .csv file.", "Name a file with one of those endings.")
    return path.suffix.lower()


def as_json_lines(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """A JSON object a line; quotes are lists."""
    listed = ({**row, **{name: lines_of(row[name]) for name in LISTS}} for row in rows)
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in listed)


def from_json_lines(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of `as_json_lines`, or of lines with some of their fields."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            yield number, {key: cell_of(value) for key, value in fields.items()}
        except (ValueError, AttributeError, TypeError) as error:
            raise ConfigError(
                f"{name} line {number} is not a row to decide in.", "Mend or remove that line."
            ) from error


def cell_of(value: object) -> str:
    """A JSON value as a cell; raises TypeError for what is neither a text, a list of texts nor null."""
    if isinstance(value, list):
        return one_a_line(value)
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return value or ""


def as_csv(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """A header and a record a row, every cell safe from a spreadsheet's own ideas."""
    yield "\ufeff" + record_of(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for row in rows:
        yield record_of({name: guarded(cell) for name, cell in row.items()})


def record_of(row: Mapping[str, str]) -> str:
    """A row as a line of CSV, which may hold line feeds between quotation marks."""
    file = io.StringIO(newline="")
    csv.DictWriter(file, COLUMNS, lineterminator="\r\n").writerow(row)
    return file.getvalue()


def reader_of(text: str) -> "csv.DictReader[str]":
    """Reads a CSV, its cells parted as the header's are: some countries' spreadsheets write semicolons."""
    csv.field_size_limit(FIELD_LIMIT)
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=separator_of(text), restkey="", restval="")


def separator_of(text: str) -> str:
    """What parts the cells of a CSV's header."""
    return max(",;\t", key=text.partition("\n")[0].count)


def from_csv(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file."""
    reader = reader_of(text)
    if "id" not in (reader.fieldnames or ()):
        raise ConfigError(f"{name} has no column id.", "Keep the first line of the exported file.")
    try:
        for row in reader:
            yield reader.line_num, {key: plain(cell) for key, cell in row.items() if key}
    except csv.Error as error:
        raise ConfigError(f"{name} line {reader.line_num} is not CSV ({error}).", "Export the file again.") from error
