"""Artifacts: immutable, ordered, readable collections of records, read one row at a time.

On disk an artifact is a folder: `rows-00000.jsonl` ... (one JSON object a line), `rejects.jsonl` (what was
left out and why), `files/` (what is not a row: an adapter, a chart) and `artifact.json` (its key and what
the key was made of, counts, digest). Nothing in it depends on the clock, so equal inputs give equal bytes.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from raftune.digest import Json, canonical_json, digest
from raftune.errors import StoreError
from raftune.records import Record

ROWS_PER_SHARD = 10_000
MANIFEST = "artifact.json"

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Artifact(Generic[R]):
    """Rows of one type with a digest. `folder` is None for rows that live in memory only."""

    name: str
    digest: str
    count: int
    row_type: type[R]
    folder: Path | None = None
    memory: tuple[R, ...] = ()
    rejected: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[R]:
        if self.folder is None:
            yield from self.memory
            return
        count = 0
        for line in self._lines(self.folder):
            yield self._record(line)
            count += 1
        if count != self.count:
            raise self._damage(f"{count} of {self.count} rows are there")

    def beginning(self, start: str) -> Iterator[R]:
        """The rows whose ids begin with `start`; the others are passed over unread."""
        if self.folder is None:
            yield from (row for row in self.memory if row.id.startswith(start))
            return
        mark = f'{{"id": "{start}'
        yield from (self._record(line) for line in self._lines(self.folder) if line.startswith(mark))

    def _lines(self, folder: Path) -> Iterator[str]:
        for shard in sorted(folder.glob("rows-*.jsonl")):
            with shard.open(encoding="utf-8") as lines:
                yield from lines

    def _record(self, line: str) -> R:
        try:
            return self.row_type.from_row(json.loads(line))
        except (ValueError, TypeError, AttributeError) as error:
            raise self._damage(f"a row is no {self.row_type.__name__}") from error

    def _damage(self, what: str) -> StoreError:
        return StoreError(f"The artifact {self.folder} is damaged ({what}).", "Delete that folder and run again.")

    def file(self, name: str) -> Path:
        """The path of a file published with the rows."""
        if self.folder is None:
            raise StoreError(f"The artifact {self.name} has no files.", "Run its stage first.")
        return self.folder / "files" / name

    def rejects(self) -> Iterator[dict[str, Json]]:
        """What was left out: {"row": id or text, "reason": ..., "detail": ...}."""
        if self.folder is not None and (path := self.folder / "rejects.jsonl").exists():
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)


def in_memory(name: str, row_type: type[R], rows: Iterable[R]) -> Artifact[R]:
    """An artifact of rows that come from outside the store (the corpus listing, people's decisions)."""
    held = tuple(rows)
    return Artifact(name, digest([row.id for row in held]), len(held), row_type, memory=held)


def open_artifact(folder: Path, row_type: type[R]) -> Artifact[R]:
    """The artifact in a published folder. Raises StoreError if its manifest cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        rejected = tuple(sorted(manifest["rejected"].items()))
        return Artifact(manifest["stage"], manifest["digest"], manifest["rows"], row_type, folder, (), rejected)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"The artifact {folder} is damaged ({error}).", "Delete that folder and run again.") from error


@dataclass
class Draft:
    """An artifact being written, shard by shard, in a folder nobody reads yet."""

    folder: Path
    stage: str
    parts: Json
    count: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    _sha: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _pending: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Appends a row."""
        self._pending.append(canonical_json_row(record))
        self.count += 1
        if len(self._pending) == ROWS_PER_SHARD:
            self._write_shard()

    def reject(self, row: str, reason: str, detail: str) -> None:
        """Files a row that is left out."""
        self.rejected[reason] += 1
        line = canonical_json({"row": row, "reason": reason, "detail": detail})
        with (self.folder / "rejects.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    @property
    def files(self) -> Path:
        """The folder for what is not a row."""
        folder = self.folder / "files"
        folder.mkdir(exist_ok=True)
        return folder

    def finish(self) -> None:
        """Writes what is pending and the manifest, and forces everything to disk."""
        if self._pending:
            self._write_shard()
        manifest = {
            "stage": self.stage,
            "rows": self.count,
            "rejected": dict(self.rejected),
            "digest": self._sha.hexdigest()[:32],
            "key_parts": self.parts,
        }
        text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=2)
        (self.folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
        sync_tree(self.folder)

    def _write_shard(self) -> None:
        number = (self.count - 1) // ROWS_PER_SHARD
        data = "".join(self._pending).encode()
        self._sha.update(data)
        (self.folder / f"rows-{number:05}.jsonl").write_bytes(data)
        self._pending.clear()


def canonical_json_row(record: Record) -> str:
    """A record as one line of JSON, id first, line feed last."""
    return json.dumps(record.to_row(), ensure_ascii=False, separators=(", ", ": "), allow_nan=False) + "\n"


def sync_tree(folder: Path) -> None:
    """Forces all files and folders below `folder` to disk, so that a rename publishes whole content."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
