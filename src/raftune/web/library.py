"""The project's stored rows, found by id or place without reading the rest; what is open is kept open."""

import threading
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

from raftune.api import Project, history, stored
from raftune.artifact import Artifact
from raftune.errors import ConfigError, RaftuneError
from raftune.records import Answer, Chunk, Document
from raftune.reviewing.desk_index import DeskIndex
from raftune.row_index import RowIndex
from raftune.tracing.places import BoxesOf, read_words

PARENTS = {"chunk": "document", "ask": "chunk", "answer": "chunk", "verify": "chunk", "assemble": "answer"}
MOST_DOCUMENTS = 8


class Library:
    """Indexes of one project, made when they are first asked for; each belongs to one artifact."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the files of the indexes."""
        self.folder = folder
        self.lock = threading.RLock()
        self.indexes: dict[tuple[str, str], RowIndex[Any]] = {}
        self.desks: dict[str, DeskIndex] = {}
        self.desk_lock = threading.Lock()
        self.preparing = False
        self.read_lock = threading.Lock()
        self.bare: tuple[str, list[tuple[str, Document]]] = ("", [])
        self.documents: OrderedDict[str, tuple[Artifact[Document], Document]] = OrderedDict()

    def index(self, artifact: Artifact[Any]) -> RowIndex[Any]:
        """The index of an artifact."""
        key = (artifact.name, artifact.digest)
        with self.lock:
            if key not in self.indexes:
                file = self.folder / f"rows-{artifact.name}-{artifact.digest[:20]}.sqlite"
                self.indexes[key] = RowIndex(artifact, file, PARENTS.get(artifact.name, ""))
            return self.indexes[key]

    def latest(self, project: Project, stage: str) -> RowIndex[Any] | None:
        """The index of a stage's latest artifact, None before it was run."""
        try:
            return self.index(stored(project, stage))
        except ConfigError:
            return None

    def chunk(self, project: Project, name: str) -> Chunk | None:
        """The passage of that id, also one of an earlier run."""
        return next((row for one in history(project, "chunk") if (row := self.index(one).by_id(name))), None)

    def document(self, project: Project, name: str) -> tuple[Artifact[Document], Document] | None:
        """The document of that id with the artifact it stands in, also one of an earlier run."""
        with self.lock:
            if name in self.documents:
                self.documents.move_to_end(name)
                return self.documents[name]
        for artifact in history(project, "ingest"):
            row = self.index(artifact).by_id(name)
            if row is not None:
                with self.lock:
                    self.documents[name] = (artifact, row)
                    while len(self.documents) > MOST_DOCUMENTS:
                        self.documents.popitem(last=False)
                return artifact, row
        return None

    def read(self, project: Project) -> list[tuple[str, Document]]:
        """Each document that was read, by its id and without its texts. Raises ConfigError before there are any."""
        artifact = cast("Artifact[Document]", stored(project, "ingest"))
        with self.read_lock:
            if self.bare[0] != artifact.digest:
                self.bare = (artifact.digest, [(row.id, without_texts(row)) for row in artifact])
            return self.bare[1]

    def boxes(self, artifact: Artifact[Document], document: Document) -> BoxesOf:
        """The words' boxes of a document's pages."""
        return partial(read_words, artifact.file(f"words/{document.sha256}.jsonl"))

    def desk(self, project: Project) -> DeskIndex:
        """The answers to decide about with all decisions up to now. Raises ConfigError before there are answers."""
        answers = cast("Artifact[Answer]", stored(project, "verify"))
        with self.desk_lock:
            if answers.digest not in self.desks:
                self.preparing = True
                try:
                    self.desks[answers.digest] = self.made_desk(project, answers)
                finally:
                    self.preparing = False
            desk = self.desks[answers.digest]
        desk.follow()
        return desk

    def made_desk(self, project: Project, answers: Artifact[Answer]) -> DeskIndex:
        """The desk, made now where its file is not there: seconds for a hundred thousand answers."""
        file = self.folder / f"desk-{answers.digest[:20]}.sqlite"
        desk = DeskIndex(answers, {} if file.exists() else self.paths(project), file, project.decisions)
        desk.follow()
        return desk

    def prepare(self, project: Project) -> None:
        """Makes the desk and the list of documents before somebody asks for them; nothing before they are stored."""
        with suppress(RaftuneError):
            self.desk(project)
        with suppress(RaftuneError):
            self.read(project)

    def paths(self, project: Project) -> dict[str, str]:
        """The document's file of each passage."""
        return {row.id: row.path for artifact in reversed(history(project, "chunk")) for row in artifact}

    def close(self) -> None:
        """Closes all files."""
        for index in self.indexes.values():
            index.close()
        for desk in self.desks.values():
            desk.close()


def without_texts(document: Document) -> Document:
    """A document with what is told about its pages, and nothing of what stands on them."""
    blank = {"text": "", "running": "", "hidden": ""}
    return document.changed(pages=tuple(page.changed(**blank) for page in document.pages))
