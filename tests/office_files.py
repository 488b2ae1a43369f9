"""Small office files, books and archives for tests, made part by part."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from raftune.contracts import Reader
from raftune.errors import DocumentError
from raftune.readings import PageReading, Reading, ReadOptions
from raftune.records import Page

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip file of parts, in order; `mimetype` is stored as it is."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return path


def relations(**targets: str) -> str:
    """A relations part: kind -> target, ids "r1", "r2", ..."""
    lines = [
        f'<Relationship Id="r{number}" Type="{KIND}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    ]
    return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'


def word_file(path: Path, body: str, **parts: str) -> Path:
    """A Word document with that body; `parts` are what stands in styles, numbering, footnotes."""
    links = relations(**{kind: f"{kind}.xml" for kind in parts})
    files = {f"word/{kind}.xml": f"<w:{kind} {WORD}>{content}</w:{kind}>" for kind, content in parts.items()}
    document = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return zipped(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(officeDocument="word/document.xml"),
            "word/document.xml": document,
            "word/_rels/document.xml.rels": links,
            **files,
        },
    )


def readings(reader: Reader, path: Path, *, keep_hidden: bool = False) -> list[Reading]:
    """The documents of a file, after a look whether the reader accepts it."""
    with path.open("rb") as file:
        assert reader.accepts(path, file.read(1024))
    return list(reader.read(path, ReadOptions(keep_hidden=keep_hidden)))


def pages(reader: Reader, path: Path, *, keep_hidden: bool = False) -> list[Page]:
    """The pages of a file of one document."""
    [reading] = readings(reader, path, keep_hidden=keep_hidden)
    given: list[PageReading] = list(reading.pages)
    assert len(given) == reading.count
    return [page.page for page in given]


def reason(reader: Reader, path: Path) -> str:
    """Why a file is refused in two sentences, "" if it is not."""
    try:
        for reading in reader.read(path, ReadOptions()):
            list(reading.pages)
    except DocumentError as error:
        return error.reason if error.message.endswith(".") and error.advice.endswith(".") else "no sentence"
    return ""
