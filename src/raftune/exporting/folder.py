"""The folder of an export: every file appears whole, and nobody's other files are touched."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from raftune.artifact import sync_tree
from raftune.digest import file_digest
from raftune.errors import ConfigError, StoreError

CARD = "card.json"
MARK = "raftune_export"


@contextmanager
def staged(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """A folder to write to. When the block ends without an error its files replace those of the export in `folder`.

    The card goes last, and files that only an earlier export wrote are removed; other people's files stay. Raises
    ConfigError for a folder that holds something else, unless `force`; StoreError where it cannot be written.
    """
    refuse_foreign(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield stage
        sync_tree(stage)
        publish(stage, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def unwritable(folder: Path, error: OSError) -> StoreError:
    """What a failing disk becomes."""
    return StoreError(
        f"{folder} cannot be written ({error.strerror or error}).", "Free some disk space or check permissions."
    )


def refuse_foreign(folder: Path, *, force: bool) -> None:
    """Raises ConfigError for a path that is no folder, or a folder that holds something else than an export."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ConfigError(f"{folder} is not a folder.", "Name another one with --output.")
    if not force and folder.is_dir() and any(folder.iterdir()) and not card_of(folder):
        raise ConfigError(
            f"{folder} holds files that are no export.", "Name another folder with --output, or add --force."
        )


def card_of(folder: Path) -> dict[str, object]:
    """The card of the export in a folder; empty where there is none."""
    with suppress(OSError, ValueError):
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if isinstance(card, dict) and MARK in card:
            return card
    return {}


def publish(stage: Path, folder: Path) -> None:
    """Moves staged files to their places, one rename each."""
    old = card_of(folder)
    new = sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file())
    for name in sorted(new, key=lambda name: name == CARD):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, target)  # noqa: PTH105 - the file of an earlier export is replaced
    for name in sorted(files_in(old) - set(new)):
        (folder / name).unlink(missing_ok=True)
    for place in {(folder / name).parent for name in new}:
        sync_folder(place)


def sync_folder(folder: Path) -> None:
    """Forces a folder's list of names to disk, and nothing below it: people may keep large files beside an export."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files_in(card: dict[str, object]) -> set[str]:
    """The files that a card names; only names that stay below its folder."""
    names = card.get("files")
    listed = [entry.get("name") for entry in names if isinstance(entry, dict)] if isinstance(names, list) else []
    paths = [PurePosixPath(name) for name in listed if isinstance(name, str)]
    return {path.as_posix() for path in paths if not path.is_absolute() and ".." not in path.parts}


def file_facts(stage: Path) -> list[dict[str, object]]:
    """Name, bytes and SHA-256 of every staged file."""
    files = sorted((path.relative_to(stage).as_posix(), path) for path in stage.rglob("*") if path.is_file())
    return [{"name": name, "bytes": path.stat().st_size, "sha256": file_digest(path)} for name, path in files]
