"""The passages of a project, opened to be searched: as they were indexed, or indexed first where something changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from raftune.artifact import Artifact
from raftune.contracts import Embedder
from raftune.digest import digest
from raftune.errors import StoreError
from raftune.indexing.building import alone, build
from raftune.indexing.files import VERSION, Damaged, read_array, read_manifest
from raftune.indexing.passages import StoredPassages
from raftune.indexing.postings import NAMES, Postings, analyzer
from raftune.indexing.terms_search import SavedTerms
from raftune.records import Chunk, Language
from raftune.searching.by_both import nearest_by_both
from raftune.searching.by_vectors import VectorSearch

Way = Literal["bm25", "embedding", "hybrid"]


@dataclass(frozen=True)
class Embedding:
    """The embedder for each language by its name, and how to open the one for a language."""

    names: Mapping[str, str]
    open: Callable[[Language], Embedder]


@dataclass(frozen=True)
class SavedIndex:
    """Passages and how they are searched: by terms, by vectors, or by both. `language` is that of most passages.

    What shares no term with a query is not found by terms. Where the passages found hold less than `floor` of a query
    (`SavedTerms.share_held`), none of them counts as found.
    """

    passages: Sequence[Chunk]
    terms: SavedTerms
    language: Language
    vectors: VectorSearch | None = None
    way: Way = "bm25"
    floor: float = 0.0

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """For each query the places of at most `count` passages, best first, ties by place. Raises ProviderError."""
        found = await self.ranked(queries, count)
        return [places if self.holds(query, places) else [] for query, places in zip(queries, found, strict=True)]

    async def ranked(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """As `nearest`, whatever the floor is."""
        if self.vectors is None:
            return [places[scores > 0].tolist() for places, scores in self.terms.ranked(queries, count)]
        if self.way == "embedding":
            return await self.vectors.nearest(queries, count)
        return await nearest_by_both(self.terms, self.vectors, queries, count, len(self.passages))

    def holds(self, query: str, places: Sequence[int]) -> bool:
        """Whether one of the passages holds enough of a query."""
        return self.floor <= 0 or any(self.terms.share_held(query, place) >= self.floor for place in places)


@dataclass
class Shelf:
    """The indexes of a project below a folder. `embedding` is None where passages are found by terms alone."""

    folder: Path
    embedding: Embedding | None = None
    way: Way = "bm25"
    floor: float = 0.0
    built: list[str] = field(default_factory=list)
    """The keys of the indexes that had to be made."""

    async def open(self, chunks: Artifact[Chunk]) -> SavedIndex:
        """The index of passages; made, or brought up to date, where it is not there or damaged.

        Two processes that want the same one make it once. Raises ProviderError by an embedder, StoreError where the
        project cannot be written or passages are damaged.
        """
        names = {} if self.embedding is None else dict(self.embedding.names)
        key = digest(["index", VERSION, chunks.digest, analyzer(), names])
        try:
            return self.opened(key, chunks)
        except Damaged:
            pass
        try:
            async with alone(self.folder):
                return await self.made(key, chunks)
        except OSError as error:
            raise StoreError(
                f"The index cannot be written ({error.strerror or error}).",
                "Free some disk space or check permissions.",
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The passages in {chunks.folder} are damaged ({error}).", "Delete that folder and run again."
            ) from error

    async def made(self, key: str, chunks: Artifact[Chunk]) -> SavedIndex:
        """The index, made here unless another process was quicker."""
        try:
            return self.opened(key, chunks)
        except Damaged:
            self.built.append(key)
            await build(self.folder, key, chunks, self.embedding.open if self.embedding is not None else None)
        try:
            return self.opened(key, chunks)
        except Damaged as error:
            raise StoreError(f"The index cannot be read back ({error}).", "Check the disk.") from error

    def opened(self, key: str, chunks: Artifact[Chunk]) -> SavedIndex:
        """The index as it is on disk. Raises Damaged."""
        folder = self.folder / key
        facts = read_manifest(folder)
        terms = SavedTerms(Postings(**{name: read_array(folder, name) for name in NAMES}))
        passages = StoredPassages(chunks, read_array(folder, "lines"))
        if self.embedding is None:
            return SavedIndex(passages, terms, facts["language"], floor=self.floor)
        vectors = VectorSearch(self.embedding.open(facts["language"]))
        vectors.vectors = read_array(folder, "vectors") if len(passages) else None
        return SavedIndex(passages, terms, facts["language"], vectors, self.way, self.floor)
