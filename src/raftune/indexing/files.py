"""An index as a folder of arrays: made aside, published by one rename, and not believed where it was altered.

What makes opening slow is reading. So the SHA-256 of a file is looked at again only where the file system says that it
was changed since (size, times of change, inode), as with the sources of a project.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raftune.artifact import sync_tree
from raftune.digest import Json, file_digest
from raftune.sources import traits_of

MANIFEST, CHECKED = "index.json", "checked.json"
VERSION = 1


class Damaged(Exception):
    """The folder holds no whole index."""


def write_index(folder: Path, arrays: Mapping[str, Any], facts: Mapping[str, Json]) -> None:
    """Writes arrays and facts to an empty folder and forces them to disk. Raises OSError."""
    import numpy as np

    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    files = {f"{name}.npy": file_digest(folder / f"{name}.npy") for name in sorted(arrays)}
    text = json.dumps({"version": VERSION, **facts, "files": files}, sort_keys=True, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    note_checked(folder, {name: traits(folder / name) for name in files})
    sync_tree(folder)


def read_manifest(folder: Path) -> dict[str, Json]:
    """The facts of an index whose files are whole. Raises Damaged."""
    try:
        facts: dict[str, Json] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if facts["version"] != VERSION:
            raise Damaged(f"it is of version {facts['version']}")
        check_files(folder, dict(facts["files"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(str(error)) from error
    return facts


def check_files(folder: Path, files: Mapping[str, str]) -> None:
    """Holds files that were changed since they were looked at against their digests. Raises Damaged, OSError."""
    known, now = checked(folder), {name: traits(folder / name) for name in files}
    if known == now:
        return
    for name, digest in files.items():
        if known.get(name) != now[name] and file_digest(folder / name) != digest:
            raise Damaged(f"{name} was altered")
    with contextlib.suppress(OSError):  # an index that one may only read is checked each time
        note_checked(folder, now)


def traits(path: Path) -> list[int]:
    """What a file system says of a file that changes when its bytes do. Raises OSError."""
    return list(traits_of(path.stat()))


def checked(folder: Path) -> dict[str, list[int]]:
    """How the files looked when they were last held against their digests."""
    try:
        noted = json.loads((folder / CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def note_checked(folder: Path, looks: Mapping[str, list[int]]) -> None:
    """Notes how whole files look. Raises OSError."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as draft:
        json.dump(looks, draft)
    Path(draft.name).replace(folder / CHECKED)


def read_array(folder: Path, name: str) -> Any:
    """An array, mapped into memory: only what is looked at is read. Raises Damaged."""
    import numpy as np

    path = folder / f"{name}.npy"
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise Damaged(f"{path.name}: {error}") from error
    return values


def publish_index(draft: Path, target: Path) -> None:
    """Moves a finished folder to its place and forces the move to disk. Raises OSError."""
    draft.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
