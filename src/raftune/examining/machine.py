"""The machine: Python, cores, memory, disk, SQLite, and the optional parts."""

import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
import platform
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path

from raftune import __version__
from raftune.contracts import Ocr
from raftune.examining.check import Check
from raftune.overview import KINDS
from raftune.records import Language

PARTS = {
    "documents": ("lxml",),
    "ocr": ("rapidocr", "onnxruntime"),
    "embed": ("wordllama", "tokenizers"),
    "endpoint": ("openai", "dotenv", "quicktok"),
    "azure": ("azure.identity",),
    "local": ("xllamacpp", "gguf", "tokenizers"),
    "train": ("torch", "transformers", "peft", "safetensors", "gguf"),
    "parquet": ("pyarrow",),
}
"""The modules of each extra, the one whose version is told first."""
DISTRIBUTIONS = {"azure.identity": "azure-identity"}
DATA_ONLY = frozenset({"wordllama"})
"""Never imported: raftune reads the files that come with it."""
LANGUAGES: dict[Language, str] = {"en": "English", "ko": "Korean"}
LITTLE_DISK = 2e9  # bytes: a student's adapter and the examples of a large project
LITTLE_MEMORY = 4e9  # bytes: what tuning the built-in student takes
MACHINE = "machine"


def machine(folder: Path) -> Iterator[Check]:
    """What the machine has for a project in a folder."""
    yield Check(MACHINE, "versions", "ok", f"raftune {__version__}, Python {platform.python_version()}")
    yield Check(MACHINE, "sqlite", "ok", f"SQLite {sqlite3.sqlite_version}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    words = f"{len(os.sched_getaffinity(0))} cores, {memory / 1e9:.0f} GB memory"
    if memory < LITTLE_MEMORY:
        yield Check(MACHINE, "cores", "warn", words, "Tuning a student may need more memory.")
    else:
        yield Check(MACHINE, "cores", "ok", words)
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.0f} GB free on disk"
    if free < LITTLE_DISK:
        yield Check(MACHINE, "disk", "warn", words, "Make room: a full disk stops a run, though it loses nothing.")
    else:
        yield Check(MACHINE, "disk", "ok", words)
    yield Check(MACHINE, "reads", "ok", ", ".join(sorted(KINDS.values(), key=str.casefold)))
    for name in plug_names("ocr"):
        languages = scanned(name)
        yield Check(MACHINE, "scans", "ok" if languages else "skipped", f"{name}: {languages or 'not installed'}")


def parts() -> Iterator[Check]:
    """The optional parts: there, not there, or there and broken."""
    for extra, modules in PARTS.items():
        yield part(extra, modules)


def part(extra: str, modules: tuple[str, ...]) -> Check:
    """One optional part. It is imported, since a package that is there may still lack its libraries."""
    missing = [name for name in modules if not is_there(name)]
    install = f"pip install 'raftune[{extra}]'"
    if missing:
        return Check("parts", extra, "skipped", f"not installed ({', '.join(missing)})", install)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name in modules:
                if name not in DATA_ONLY:
                    importlib.import_module(name)
    except (ImportError, OSError) as error:
        return Check("parts", extra, "warn", f"{name} is installed but cannot be opened: {error}", install)
    name = DISTRIBUTIONS.get(modules[0], modules[0])
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        version = ""
    return Check("parts", extra, "ok", f"{name} {version}".strip())


def is_there(module: str) -> bool:
    """Whether a module can be found."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its package is not there
        return False


def plug_names(kind: str) -> list[str]:
    """The plugs of a kind."""
    found = importlib.util.find_spec(f"raftune.{kind}")
    return [] if found is None else [module.name for module in pkgutil.iter_modules(found.submodule_search_locations)]


def scanned(name: str) -> str:
    """Which languages an OCR engine reads here."""
    engine: Ocr = importlib.import_module(f"raftune.ocr.{name}").plug
    return " and ".join(words for language, words in LANGUAGES.items() if engine.fits(language))
