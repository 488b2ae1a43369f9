"""Comma and tab separated values -> one page with one table."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from raftune.errors import DocumentError
from raftune.reading.decoding import MOST_BYTES, Decoded, decode_text, decode_whole
from raftune.reading.tables import MOST_COLUMNS, markdown_table
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

ENDINGS = {".csv": "", ".tsv": "\t", ".tab": "\t", ".psv": "|"}
DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50
MOST_ROWS = 50_000


class CsvReader:
    """Reads text that its name calls a table: the bytes cannot tell it from plain text."""

    media_type = "text/csv"

    def accepts(self, path: Path, head: bytes) -> bool:
        """Text under a name that ends like a table."""
        return path.suffix.lower() in ENDINGS and decode_text(head, cut=True) is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:  # noqa: ARG002
        """The table, at most its first 50,000 rows or 20 MB, with a warning. Raises DocumentError.

        The reasons: "damaged" where the bytes are not text, "too large" for a line or cell without end, "no text".
        """
        decoded, cut = decoded_start(path)
        delimiter = ENDINGS.get(path.suffix.lower()) or delimiter_of(decoded.text)
        rows = list(islice(rows_of(path.name, decoded.text, delimiter), MOST_ROWS + 1))
        text = markdown_table(rows[:MOST_ROWS])
        if not text:
            raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")
        over = cut or len(rows) > MOST_ROWS
        warnings = (*decoded.warnings, *([f"only the first {len(rows[:MOST_ROWS])} rows read"] if over else []))
        yield Reading(path.stem, [PageReading(Page(number=1, text=text, warnings=warnings))])


def decoded_start(path: Path) -> tuple[Decoded, bool]:
    """The text of a file as far as it is read, and whether more follows. Raises DocumentError."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    cut = len(data) > MOST_BYTES
    if cut:
        data, line_end, _ = data.rpartition(b"\n")
        if not line_end:
            message = f"{path.name} has a line of more than {MOST_BYTES >> 20} MB."
            raise DocumentError(message, "Export it again with line ends.", "too large")
    decoded = decode_whole(data, cut=cut)
    if decoded is None:
        raise DocumentError(f"{path.name} is not text throughout.", "Save it again as UTF-8.", "damaged")
    return decoded, cut


def delimiter_of(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells, two at least; else the comma."""
    sample = "".join(line + "\n" for line in islice(text.split("\n"), SAMPLE_ROWS))

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
        except csv.Error:
            return 0.0, 0
        width, rows = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (rows / len(widths), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=fit)


def rows_of(name: str, text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows. Raises DocumentError "too large" for a cell over a megabyte: a quote that never ends."""
    csv.field_size_limit(1 << 20)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield row[:MOST_COLUMNS]
    except csv.Error as error:
        raise DocumentError(f"{name} cannot be read as a table ({error}).", "Export it again.", "too large") from error


plug = CsvReader()
