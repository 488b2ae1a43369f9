"""Markdown -> one page, titled by its first heading."""

import re
from pathlib import Path

from raftune.contracts import Reading
from raftune.decoding import decode_text
from raftune.errors import DocumentError
from raftune.records import Page

ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
TITLE = re.compile(r"^# +(\S.*?)(?: +#+)? *$", re.MULTILINE)


class MarkdownReader:
    """Reads text that its name calls Markdown: the bytes cannot tell it from plain text."""

    media_type = "text/markdown"

    def accepts(self, head: bytes, name: str) -> bool:
        """Text under a name that ends like Markdown."""
        return name.lower().endswith(ENDINGS) and decode_text(head, cut=True) is not None

    def read(self, path: Path) -> Reading:
        """One page. Raises DocumentError: "damaged" where the bytes are not text throughout, or "no text"."""
        text = decode_text(path.read_bytes(), cut=False)
        if text is None:
            raise DocumentError(f"{path.name} is not text in UTF-8, UTF-16 or CP949.", "Save it as UTF-8.", "damaged")
        if not text.strip():
            raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")
        heading = TITLE.search(text)
        return Reading(heading.group(1) if heading else path.stem, (Page(number=1, text=text),))


plug = MarkdownReader()
