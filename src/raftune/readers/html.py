"""Web pages -> one page: the main content, without navigation, scripts and hidden text. Nothing is fetched."""

import re
from collections.abc import Iterator
from pathlib import Path

from raftune.errors import DocumentError
from raftune.reading.decoding import MOST_BYTES, decode_as, decode_whole
from raftune.reading.hidden import hidden_note
from raftune.reading.markup.page import decode_markup, render
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

ENDINGS = (".html", ".htm", ".xhtml", ".xht")
WHOLE_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(r"<(?:[a-z][a-z0-9]*\b[^<>]*|!--)", re.IGNORECASE)


class HtmlReader:
    """Reads pages that begin like HTML; parts of pages too, where their name says that they are HTML."""

    media_type = "text/html"

    def accepts(self, path: Path, head: bytes) -> bool:
        """By the first tag, in any encoding; by any tag in a file named as HTML."""
        decoded = decode_whole(head, cut=True)
        text = decoded.text if decoded else decode_as(head, "latin-1", cut=True) or ""
        if WHOLE_PAGE.match(text.removeprefix("ï»¿")):
            return True
        return path.suffix.lower() in ENDINGS and TAG.search(text) is not None and decoded is not None

    def read(self, path: Path, options: ReadOptions) -> Iterator[Reading]:
        """One page. Raises DocumentError: "too large" over 20 MB, "damaged", "unsafe xml" or "no text"."""
        if path.stat().st_size > MOST_BYTES:
            raise DocumentError(f"{path.name} is over {MOST_BYTES >> 20} MB.", "Split it into pages.", "too large")
        decoded = decode_markup(path.read_bytes())
        if decoded is None:
            raise DocumentError(f"{path.name} is not text throughout.", "Save it again as UTF-8.", "damaged")
        rendered = render(decoded.text, path.name, keep_hidden=options.keep_hidden)
        if not rendered.text:
            raise DocumentError(
                f"{path.name} holds no text.", "Remove it, or save it as the browser shows it.", "no text"
            )
        page = Page(number=1, text=rendered.text, warnings=(*decoded.warnings, *hidden_note(rendered.hidden)))
        yield Reading(rendered.title or path.stem, [PageReading(page)])


plug = HtmlReader()
