"""What became of each file of the corpus: pages, how they were read, warnings; or why it was refused."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from raftune.digest import Json
from raftune.records import Document, Source

KINDS = {
    "application/epub+zip": "EPUB",
    "application/hwp+zip": "HWPX",
    "application/json": "JSON",
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "text",
}

ADVICE = {
    "hidden file": "Files whose names begin with a dot, and the litter of programs, are left out.",
    "hidden folder": "Folders whose names begin with a dot are left out.",
    "not a file": "Put plain files into the folder.",
    "symbolic link": "Links are not followed: put the file itself here.",
    "unreadable": "Check its permissions.",
    "unreadable name": "Rename it: its name is not UTF-8.",
}
"""What to do about faults that no reader tells of."""


@dataclass
class FileStatus:
    """A file: read (`documents`, `pages`, `ways`, `warnings` with page numbers), refused (`reason`, `detail`), or new.

    A new file came after the documents were last read.
    """

    path: str
    state: Literal["read", "refused", "new"]
    kind: str = ""
    documents: int = 0
    pages: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    reason: str = ""
    detail: str = ""

    def add(self, document: Document) -> None:
        """Counts a document of the file in."""
        self.kind = KINDS.get(document.media_type, document.media_type)
        self.documents += 1
        self.pages += len(document.pages)
        self.ways.update(page.way for page in document.pages)
        self.warnings += [(page.number, warning) for page in document.pages for warning in page.warnings]


@dataclass(frozen=True)
class Totals:
    """Counts over all files: `files` = `read` + `refused`; those that are new are not among them."""

    files: int
    read: int
    refused: int
    new: int
    documents: int
    pages: int
    ways: dict[str, int]
    warnings: int


def files_of(
    documents: Iterable[Document], rejects: Iterable[Mapping[str, Json]], sources: Iterable[Source] = ()
) -> list[FileStatus]:
    """Every file read or refused, and those of `sources` that are neither, by path.

    `rejects` name a file by its path or by its source's id; `sources` are the files that are there now.
    """
    now = list(sources)
    paths = {source.id: source.path for source in now}
    files: dict[str, FileStatus] = {}
    for document in documents:
        files.setdefault(document.path, FileStatus(document.path, "read")).add(document)
    for reject in rejects:
        path = paths.get(str(reject["row"]), str(reject["row"]))
        reason = str(reject["reason"])
        files[path] = FileStatus(path, "refused", reason=reason, detail=str(reject["detail"]) or ADVICE.get(reason, ""))
    for path in paths.values():
        files.setdefault(path, FileStatus(path, "new"))
    return [files[path] for path in sorted(files, key=lambda path: path.split("/"))]


def totals_of(files: Iterable[FileStatus]) -> Totals:
    """The sums over files."""
    found = list(files)
    states = Counter(file.state for file in found)
    ways: Counter[str] = Counter()
    for file in found:
        ways.update(file.ways)
    return Totals(
        files=states["read"] + states["refused"],
        read=states["read"],
        refused=states["refused"],
        new=states["new"],
        documents=sum(file.documents for file in found),
        pages=sum(file.pages for file in found),
        ways=dict(ways.most_common()),
        warnings=sum(len(file.warnings) for file in found),
    )


def as_json(file: FileStatus) -> dict[str, Json]:
    """A file's status as a JSON object."""
    warnings: Json = [{"page": page, "warning": warning} for page, warning in file.warnings]
    return {**asdict(file), "ways": dict(file.ways), "warnings": warnings}
