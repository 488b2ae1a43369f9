"""Uploaded files: kept under names of our own, so that no name that a client gives is ever a path."""

import json
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Purpose = Literal["fine-tune", "fine-tune-results"]
FORM = re.compile(r"file-[0-9a-f]{24}")
LONGEST_NAME = 200


class Upload(BaseModel):
    """A file that was uploaded, or made by a job; `filename` is what the client called it, for show only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    bytes: int
    created_at: int
    filename: str
    purpose: Purpose
    object: Literal["file"] = "file"
    status: Literal["processed"] = "processed"
    expires_at: int | None = None
    status_details: str | None = Field(default=None)


class TooLarge(Exception):
    """An upload is larger than it may be."""


class Uploads:
    """The files in a folder: each has its bytes in one file and what is known of it in another, written last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def add(self, parts: AsyncIterator[bytes], filename: str, purpose: Purpose, most: int) -> Upload:
        """Keeps the bytes that come. Raises TooLarge for more than `most`; then nothing is kept."""
        upload, path = self.begun()
        try:
            size = await written(path, parts, most)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return self.kept(upload, filename, purpose, size)

    def add_text(self, text: str, filename: str, purpose: Purpose, name: str | None = None) -> Upload:
        """Keeps a text under a new id, or under `name`."""
        upload, path = self.begun(name)
        path.write_text(text, encoding="utf-8")
        return self.kept(upload, filename, purpose, path.stat().st_size)

    def begun(self, name: str | None = None) -> tuple[str, Path]:
        """A new id and where its bytes go."""
        found = name or f"file-{secrets.token_hex(12)}"
        return found, self.folder / found

    def kept(self, name: str, filename: str, purpose: Purpose, size: int) -> Upload:
        """Writes what is known of a file: from then on it is there."""
        shown = re.sub(r"[\x00-\x1f\x7f]", "", filename)[-LONGEST_NAME:] or "file"
        upload = Upload(id=name, bytes=size, created_at=int(time.time()), filename=shown, purpose=purpose)
        draft = self.folder / f"{name}.draft"
        with draft.open("w", encoding="utf-8") as file:
            file.write(upload.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / f"{name}.json")
        return upload

    def find(self, name: str) -> Upload | None:
        """The file of that id, or None."""
        if not FORM.fullmatch(name):
            return None
        try:
            return Upload.model_validate_json((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def path(self, upload: Upload) -> Path:
        """Where the bytes of a file lie."""
        return self.folder / upload.id

    def all(self) -> list[Upload]:
        """All files, the newest first."""
        names = (path.stem for path in self.folder.glob("file-*.json"))
        found: Iterable[Upload | None] = (self.find(name) for name in names)
        return sorted((one for one in found if one), key=lambda one: (-one.created_at, one.id))

    def remove(self, upload: Upload) -> None:
        """Deletes a file: first what is known of it, so that it is gone at once."""
        (self.folder / f"{upload.id}.json").unlink(missing_ok=True)
        (self.folder / upload.id).unlink(missing_ok=True)


async def written(path: Path, parts: AsyncIterator[bytes], most: int) -> int:
    """Writes what comes to disk; its size. Raises TooLarge."""
    size = 0
    with path.open("wb") as file:
        async for part in parts:
            size += len(part)
            if size > most:
                raise TooLarge
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return size


def rows_in(path: Path) -> list[dict[str, list[dict[str, object]]]]:
    """The JSON lines of a file that was checked; a byte-order mark is passed over."""
    with path.open(encoding="utf-8-sig") as lines:
        return [json.loads(line) for line in lines if line.strip()]
