"""The passages of an artifact by their places: read where they lie, when one is asked for."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from raftune.artifact import Artifact
from raftune.errors import StoreError
from raftune.records import Chunk

if TYPE_CHECKING:
    import numpy as np

    Lines = np.ndarray[tuple[int, int], np.dtype[np.int64]]

SHARD = "rows-{:05}.jsonl"


def lines_of(artifact: Artifact[Chunk]) -> Iterator[tuple[int, int, int, bytes]]:
    """Each row of a stored artifact in order: shard, first byte, bytes, and these bytes."""
    folder = folder_of(artifact)
    for path in sorted(folder.glob("rows-*.jsonl")):
        shard, start = int(path.stem.removeprefix("rows-")), 0
        with path.open("rb") as lines:
            for line in lines:
                yield shard, start, len(line), line
                start += len(line)


def folder_of(artifact: Artifact[Chunk]) -> Path:
    """Where an artifact is stored. Raises StoreError for one in memory."""
    if artifact.folder is None:
        raise StoreError(f"The artifact {artifact.name} is not stored.", "Run its stage first.")
    return artifact.folder


class StoredPassages(Sequence[Chunk]):
    """A row is `lines[place]`: shard, first byte, length. Raises StoreError for rows that are gone or altered."""

    def __init__(self, artifact: Artifact[Chunk], lines: "Lines") -> None:
        self.folder, self.lines = folder_of(artifact), lines

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> Chunk: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Chunk]: ...

    def __getitem__(self, place: int | slice) -> Any:
        """The passage, or passages."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        shard, start, size = (int(number) for number in self.lines[place])
        path = self.folder / SHARD.format(shard)
        try:
            with path.open("rb") as file:
                file.seek(start)
                return Chunk.from_row(json.loads(file.read(size)))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                f"A passage in {path.name} of the stage chunk cannot be read ({error}).",
                "Run `raftune run --fresh chunk` to make them again.",
            ) from error
