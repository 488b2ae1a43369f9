"""Passages stored as the stage chunk stores them, and their index."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raftune.artifact import Artifact
from raftune.embedders.hashed import HashedEmbedder
from raftune.indexing.saved import Embedding, SavedIndex, Shelf
from raftune.records import Chunk
from raftune.stores.files import FileStore
from tests.support import make_chunk

TEXTS = [
    "The Agency inspected 73 ports during 2021.",
    "Licences are renewed every two years.",
    "The Agency hires inspectors for ports and bridges.",
    "항만공사는 2021년에 항만 73곳을 점검하였다.",
    "도선사 면허는 2년마다 갱신한다.",
]


class Counting(HashedEmbedder):
    """Remembers what it embedded."""

    def __init__(self, dimensions: int = 64) -> None:
        super().__init__(dimensions)
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        return await super().embed(texts)


def stored(folder: Path, texts: Sequence[str], key: str = "a") -> Artifact[Chunk]:
    """An artifact with a chunk for each text; equal texts are different chunks."""
    store = FileStore(folder / "objects")
    seen: dict[str, int] = {}
    with store.draft("chunk", key, {}) as draft:
        for text in texts:
            seen[text] = seen.get(text, 0) + 1
            language = "ko" if any("가" <= letter <= "힣" for letter in text) else "en"
            draft.add(make_chunk(text, seen[text], language=language))
    found = store.find("chunk", key, Chunk)
    assert found is not None
    return found


def embedding(embedder: HashedEmbedder) -> Embedding:
    return Embedding({"en": embedder.name, "ko": embedder.name}, lambda _: embedder)


def opened(shelf: Shelf, artifact: Artifact[Chunk]) -> SavedIndex:
    return asyncio.run(shelf.open(artifact))


def nearest(index: SavedIndex, query: str, count: int = 3) -> list[int]:
    return asyncio.run(index.nearest([query], count))[0]


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of an index but what depends on the clock."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "checked.json"}
