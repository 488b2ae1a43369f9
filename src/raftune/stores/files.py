"""Artifacts as folders below one root: ROOT/STAGE/KEY, published by a rename, so never half there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from raftune.artifact import MANIFEST, Artifact, Draft, open_artifact
from raftune.digest import Json
from raftune.errors import StoreError
from raftune.records import Record

R = TypeVar("R", bound=Record)


class FileStore:
    """The artifacts of one project."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def find(self, stage: str, key: str, row_type: type[R]) -> Artifact[R] | None:
        """The artifact, or None when it was never published."""
        folder = self.root / stage / key
        return open_artifact(folder, row_type) if (folder / MANIFEST).exists() else None

    @contextmanager
    def draft(self, stage: str, key: str, parts: Json) -> Iterator[Draft]:
        """A draft that is published when the block ends without an error; what stood there before is replaced."""
        drafts, target = self.root / "drafts", self.root / stage / key
        folder = drafts / f"{stage}-{key}"
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            draft = Draft(folder, stage, parts)
            yield draft
            draft.finish()
            publish(folder, target)
        except OSError as error:
            raise StoreError(
                f"The project's folder cannot be written ({error.strerror or error}).",
                "Free some disk space or check permissions, then run again: finished stages are kept.",
            ) from error
        shutil.rmtree(self.work_folder(stage, key), ignore_errors=True)

    def work_folder(self, stage: str, key: str) -> Path:
        """A folder for checkpoints that outlives a killed run."""
        folder = self.root / "work" / f"{stage}-{key}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def publish(folder: Path, target: Path) -> None:
    """Moves a finished folder to its place and forces the move to disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    folder.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def plug(root: Path) -> FileStore:
    """The store below a folder."""
    return FileStore(root)
