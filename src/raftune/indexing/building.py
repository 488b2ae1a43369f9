"""Makes an index of passages out of an older one: only what is new is looked at, and nothing tells them apart after."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from raftune.artifact import Artifact
from raftune.contracts import Embedder
from raftune.digest import Json
from raftune.distractors import mostly
from raftune.indexing.files import MANIFEST, Damaged, publish_index, read_array, read_manifest, write_index
from raftune.indexing.passages import lines_of
from raftune.indexing.postings import NAMES, Postings, analyzer, counted, joined, kept
from raftune.records import Chunk, Language
from raftune.searching.by_vectors import TEXTS, VectorSearch

if TYPE_CHECKING:
    from raftune.indexing.postings import Numbers

DRAFT, LOCK = "draft-", "lock"
POLL_SECONDS = 0.1
KEPT = 2  # indexes that stay: the one that was asked for, and the one that the next may be made of


@dataclass(frozen=True)
class Read:
    """What is read of passages to index them: their ids, their rows (shard, first byte, bytes), texts, languages."""

    ids: list[str]
    lines: list[tuple[int, int, int]]
    texts: list[str]
    language: Language


def read(chunks: Artifact[Chunk]) -> Read:
    """The passages of an artifact in order. Raises ValueError, KeyError for rows that are none."""
    ids, lines, texts, korean = list[str](), list[tuple[int, int, int]](), list[str](), 0
    for shard, start, size, line in lines_of(chunks):
        row = json.loads(line)
        ids.append(row["id"])
        lines.append((shard, start, size))
        texts.append(row["text"])
        korean += row["language"] == "ko"
    return Read(ids, lines, texts, mostly(korean, len(ids)))


@dataclass(frozen=True)
class Older:
    """An index of an earlier state, and the places that its passages have by now; -1 for those that are gone."""

    folder: Path
    moved: "Numbers"
    embedder: str

    def postings(self) -> Postings:
        """Its postings. Raises Damaged."""
        return Postings(**{name: read_array(self.folder, name) for name in NAMES})


def older(folder: Path, ids: Sequence[str], embedder: str) -> Older | None:
    """The index below a folder that has the most in common with what is wanted: the embedder, then the passages."""
    import numpy as np

    places = {name: place for place, name in enumerate(ids)}
    found: tuple[tuple[bool, int], Older] | None = None
    for one in sorted(path.parent for path in folder.glob(f"*/{MANIFEST}")):
        try:
            facts = read_manifest(one)
            known = read_array(one, "ids").astype(str).tolist()
        except Damaged:
            continue
        moved = np.array([places.get(name, -1) for name in known], np.int32)
        worth = (facts["embedder"] == embedder, int((moved >= 0).sum()))
        if facts["analyzer"] == analyzer() and worth[1] and (found is None or worth > found[0]):
            found = worth, Older(one, moved, facts["embedder"])
    return found[1] if found is not None else None


async def build(
    folder: Path, key: str, chunks: Artifact[Chunk], open_embedder: Callable[[Language], Embedder] | None
) -> None:
    """Makes the index of passages at `folder / key`; the caller holds the lock of the folder.

    Raises ProviderError by an embedder, OSError where the disk is full.
    """
    import numpy as np

    found = await asyncio.to_thread(read, chunks)
    embedder = open_embedder(found.language) if open_embedder is not None else None
    name = embedder.name if embedder is not None else ""
    old = await asyncio.to_thread(older, folder, found.ids, name)
    arrays = (await asyncio.to_thread(postings_of, found, old)).arrays()
    if embedder is not None:
        arrays["vectors"] = await vectors_of(found, old if old and old.embedder == name else None, embedder)
    arrays["ids"] = np.array(found.ids, "S20")
    arrays["lines"] = np.array(found.lines, np.int64).reshape(-1, 3)
    facts = {"chunks": chunks.digest, "analyzer": analyzer(), "embedder": name, "language": found.language}
    await asyncio.to_thread(publish, folder, key, arrays, facts)


def fresh_places(found: Read, old: Older | None) -> list[int]:
    """The places of the passages that the older index does not know."""
    known = set() if old is None else set(old.moved.tolist())
    return [place for place in range(len(found.ids)) if place not in known]


def postings_of(found: Read, old: Older | None) -> Postings:
    """The postings of all passages, those of an older index taken over."""
    new = counted({place: found.texts[place] for place in fresh_places(found, old)})
    return joined([new] if old is None else [kept(old.postings(), old.moved), new])


async def vectors_of(found: Read, old: Older | None, embedder: Embedder) -> Any:
    """The vectors of all passages in whole numbers, those of an older index taken over. Raises ProviderError."""
    import numpy as np

    search, new = VectorSearch(embedder), fresh_places(found, old)
    known = None if old is None else read_array(old.folder, "vectors")
    vectors = np.zeros((len(found.ids), 0 if known is None else known.shape[1]), np.int16)
    if old is not None and known is not None:
        here = old.moved >= 0
        vectors[old.moved[here]] = known[here]
    for start in range(0, len(new), TEXTS):
        some = new[start : start + TEXTS]
        rows = await search.whole([found.texts[place] for place in some])
        if not vectors.shape[1]:
            vectors = np.zeros((len(found.ids), rows.shape[1]), np.int16)
        vectors[some] = rows
    return vectors


def publish(folder: Path, key: str, arrays: dict[str, Any], facts: dict[str, Json]) -> None:
    """Writes an index aside and moves it to its place; older ones go, but for the latest. Raises OSError."""
    for left in folder.glob(f"{DRAFT}*"):  # of processes that were killed: this one holds the lock
        rmtree(left, ignore_errors=True)
    draft = Path(mkdtemp(prefix=DRAFT, dir=folder))
    write_index(draft, arrays, facts)
    rmtree(folder / key, ignore_errors=True)
    publish_index(draft, folder / key)
    for left in sorted(indexes(folder), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        rmtree(left, ignore_errors=True)


def indexes(folder: Path) -> Iterator[Path]:
    """The indexes below a folder, whole or not."""
    return (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(DRAFT))


@asynccontextmanager
async def alone(folder: Path) -> AsyncIterator[None]:
    """Waits until no other process makes an index below a folder; a killed one does not hold it up. Raises OSError."""
    import fcntl

    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(POLL_SECONDS)
        yield
