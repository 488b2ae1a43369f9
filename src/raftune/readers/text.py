"""Plain text -> one page."""

from pathlib import Path

from raftune.contracts import Reading
from raftune.decoding import decode_text
from raftune.errors import DocumentError
from raftune.records import Page


class TextReader:
    """Reads text whose encoding can be told for sure."""

    media_type = "text/plain"

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the bytes are enough
        """Any bytes that are text."""
        return decode_text(head, cut=True) is not None

    def read(self, path: Path) -> Reading:
        """One page. Raises DocumentError: "damaged" where the bytes are not text throughout, or "no text"."""
        text = decode_text(path.read_bytes(), cut=False)
        if text is None:
            raise DocumentError(f"{path.name} is not text in UTF-8, UTF-16 or CP949.", "Save it as UTF-8.", "damaged")
        if not text.strip():
            raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")
        return Reading(path.stem, (Page(number=1, text=text),))


plug = TextReader()
