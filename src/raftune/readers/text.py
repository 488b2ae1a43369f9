"""Plain text -> one page; a form feed begins another."""

from collections.abc import Iterator
from pathlib import Path

from raftune.reading.decoding import decode_text, read_text
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page


class TextReader:
    """Reads text whose encoding can be told for sure."""

    media_type = "text/plain"

    def accepts(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the bytes are enough
        """Any bytes that are text."""
        return decode_text(head, cut=True) is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:  # noqa: ARG002
        """Its pages. Raises DocumentError: "damaged" where not all of it is text, "too large" or "no text"."""
        decoded = read_text(path)
        texts = decoded.text.split("\f")
        pages = [
            PageReading(Page(number=number, text=text, warnings=decoded.warnings if number == 1 else ()))
            for number, text in enumerate(texts if texts[-1].strip() else texts[:-1], 1)
        ]
        yield Reading(path.stem, pages, len(pages))


plug = TextReader()
