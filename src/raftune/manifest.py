"""manifest.json: what has to be known to make a run again, and to check that it was this one."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from raftune import __version__
from raftune.artifact import Artifact
from raftune.digest import Json

PACKAGES = ("numpy", "torch", "transformers", "peft", "safetensors", "tokenizers", "xllamacpp", "openai", "pypdfium2")


def manifest(
    settings: Mapping[str, Json],
    artifacts: Mapping[str, Artifact[Any]],
    keys: Mapping[str, str],
    seconds: Mapping[str, float],
) -> dict[str, Json]:
    """Versions, machine, settings, and each stage's artifact: its key (what it was made of), the digest of its rows,
    how many there are and were left out by reason, and how long it took. Settings hold names of keys, never keys.
    """
    return {
        "raftune": __version__,
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := version_of(name))},
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "settings": dict(settings),
        "stages": {
            name: {
                "key": keys.get(name, ""),
                "digest": artifact.digest,
                "rows": len(artifact),
                "rejected": dict(artifact.rejected),
                "seconds": seconds.get(name),
            }
            for name, artifact in artifacts.items()
        },
    }


def version_of(package: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
