"""Finds a student by name: the embedded default, a folder of safetensors, a GGUF file or a model of the hub.

`find_student` is fast and loads no weights; `safetensors_folder` may convert a GGUF file, once.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from raftune.errors import ConfigError
from raftune.models.convert import convert_gguf
from raftune.models.embedded import embedded_file
from raftune.models.extras import optional
from raftune.models.fingerprint import fingerprint

EMBEDDED = "smollm2-135m-instruct"
HUB_FILES = ("*.safetensors", "*.json", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt")
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
ONLY_SAFE = "Name a folder with .safetensors weights, or a .gguf file."
NO_CODE = "Choose another model: raftune runs no code that comes with one."
LOCAL = "Name a local folder of safetensors or a .gguf file as the student."


@dataclass(frozen=True)
class Student:
    """A model that can be tuned. `folder` may not exist yet where `gguf` is given: see `safetensors_folder`."""

    name: str
    folder: Path
    gguf: Path | None
    fingerprint: str


def find_student(name: str) -> Student:
    """The student of that name. Raises ConfigError if there is none, or its weights cannot be read safely."""
    path = Path(name).expanduser()
    if name == EMBEDDED:
        return from_gguf(EMBEDDED, embedded_file())
    if path.is_dir():
        return from_folder(path.resolve().name, path)
    if path.is_file():
        return from_file(path)
    if path.suffix == ".gguf" or path.suffix in PICKLES:
        raise ConfigError(f"There is no such file: {name}.", LOCAL)
    if name.count("/") != 1 or name.startswith((".", "/", "~")):
        raise ConfigError(
            f"There is no such folder: {name}.", f'Name "{EMBEDDED}", a folder, a .gguf file or a hub id.'
        )
    return from_folder(name, hub_folder(name))


def safetensors_folder(student: Student) -> Path:
    """The folder of the student's safetensors and tokenizer; takes seconds when a GGUF has to be converted."""
    if student.gguf is not None and not student.folder.is_dir():
        convert_gguf(student.gguf, student.folder)
    return student.folder


def from_file(path: Path) -> Student:
    """The student of a GGUF file. Raises ConfigError for other files."""
    if path.suffix in PICKLES:
        raise ConfigError(f"{path.name} is a pickle, which can run code when it is opened.", ONLY_SAFE)
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ConfigError(f"{path.name} is not a GGUF file.", ONLY_SAFE)
    return from_gguf(path.stem, path)


def from_gguf(name: str, path: Path) -> Student:
    """A student of a GGUF file; its safetensors belong in the cache, under its fingerprint."""
    mark = fingerprint([path])
    return Student(name, cache_folder() / "models" / mark, path, mark)


def from_folder(name: str, folder: Path) -> Student:
    """The student of a checked folder."""
    check_folder(folder)
    kinds = ("*.safetensors", "*.json", "*.jinja", "tokenizer.model")
    files = sorted({path for kind in kinds for path in folder.glob(kind)}, key=lambda path: path.name)
    return Student(name, folder, None, fingerprint(files))


def check_folder(folder: Path) -> None:
    """Raises ConfigError for a folder without safetensors, or one that brings code of its own."""
    if not any(folder.glob("*.safetensors")):
        kind = "only pickled weights" if any(path.suffix in PICKLES for path in folder.iterdir()) else "no weights"
        raise ConfigError(f"The folder {folder.name} holds {kind}, no .safetensors.", ONLY_SAFE)
    if any(folder.glob("*.py")):
        raise ConfigError(
            f"The folder {folder.name} holds Python code.", "raftune runs no code of models; use another one."
        )
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"The folder {folder.name} has no readable config.json.", ONLY_SAFE) from error
    if "auto_map" in config:
        raise ConfigError(f"config.json of {folder.name} asks for code (auto_map).", NO_CODE)


def hub_folder(name: str) -> Path:
    """The local copy of a hub model, downloaded once, safetensors only. Raises ConfigError if it cannot be had."""
    hub = optional("huggingface_hub", "train")
    try:
        return Path(hub.snapshot_download(name, allow_patterns=HUB_FILES, local_files_only=True))
    except hub.errors.LocalEntryNotFoundError:
        pass
    except hub.errors.HFValidationError as error:
        raise ConfigError(f"{name} is neither a folder here nor a name the hub knows.", LOCAL) from error
    try:
        return Path(hub.snapshot_download(name, allow_patterns=HUB_FILES))
    except (hub.errors.HfHubHTTPError, OSError) as error:
        raise ConfigError(f"There is no folder {name} here, and the hub does not give it.", LOCAL) from error


def cache_folder() -> Path:
    """Where converted models are kept: $RAFTUNE_CACHE, or .cache/raftune in the home folder."""
    return Path(os.environ.get("RAFTUNE_CACHE") or Path.home() / ".cache" / "raftune")
