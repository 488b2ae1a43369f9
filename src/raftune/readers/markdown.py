"""Markdown -> one page, titled by its first heading."""

import re
from collections.abc import Iterator
from pathlib import Path

from raftune.reading.decoding import decode_text, read_text
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
TITLE = re.compile(r"^# +(\S.*?)(?: +#+)? *$", re.MULTILINE)


class MarkdownReader:
    """Reads text that its name calls Markdown: the bytes cannot tell it from plain text."""

    media_type = "text/markdown"

    def accepts(self, path: Path, head: bytes) -> bool:
        """Text under a name that ends like Markdown."""
        return path.suffix.lower() in ENDINGS and decode_text(head, cut=True) is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:  # noqa: ARG002
        """One page. Raises DocumentError: "damaged" where not all of it is text, "too large" or "no text"."""
        decoded = read_text(path)
        heading = TITLE.search(decoded.text)
        page = Page(number=1, text=decoded.text, warnings=decoded.warnings)
        yield Reading(heading.group(1) if heading else path.stem, [PageReading(page)])


plug = MarkdownReader()
