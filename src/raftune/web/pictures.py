"""Pictures of pages, drawn once in a child process and kept."""

import os
from pathlib import Path

from raftune.api import Project
from raftune.blocking import wait_for
from raftune.digest import file_digest
from raftune.errors import ConfigError, DocumentError
from raftune.reading.rendering import PNG, render_isolated
from raftune.readings import Limits
from raftune.records import Document
from raftune.tracing.rows import DRAWN

DOTS_PER_INCH = 130
MOST_PICTURES = 1_000


def picture(project: Project, document: Document, page: int, folder: Path) -> tuple[bytes, str]:
    """A page's picture and its media type; `folder` keeps what was drawn.

    Raises ConfigError where there is no such page to draw, DocumentError where the file changed or cannot be drawn.
    """
    if document.media_type not in DRAWN or not any(one.number == page for one in document.pages):
        raise ConfigError("There is no such page to draw.", "Only the pages of PDF files have pictures.")
    kept = folder / f"{document.sha256[:32]}-{page}"
    if not kept.exists():
        keep(kept, drawn(project, document, page))
    data = kept.read_bytes()
    return data, "image/png" if data.startswith(PNG) else "image/jpeg"


def drawn(project: Project, document: Document, page: int) -> bytes:
    """The picture, made now."""
    below = (project.folder / project.settings.documents).resolve()
    path = (below / document.path).resolve()
    if not is_below(path, below) or not path.is_file() or file_digest(path) != document.sha256:
        raise DocumentError(
            f"{document.path} is no longer the file that was read.",
            "Put it back, or run the project again.",
            "changed",
        )
    limits = Limits(project.settings.ingest.seconds, project.settings.ingest.megabytes)
    return wait_for(render_isolated(path, page, DOTS_PER_INCH, limits))


def is_below(path: Path, folder: Path) -> bool:
    """Whether a path without links leads into a folder."""
    return path.is_relative_to(folder)


def keep(path: Path, data: bytes) -> None:
    """Writes a picture, whole; the oldest give way to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}-{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
    kept = list(path.parent.iterdir())
    if len(kept) > MOST_PICTURES:
        for old in sorted(kept, key=lambda one: one.stat().st_mtime)[: MOST_PICTURES // 10]:
            old.unlink(missing_ok=True)
