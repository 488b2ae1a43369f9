"""Finds plugs by name: a folder is the registry, a file in it is a plug."""

import difflib
import importlib
import pkgutil
from typing import Any

from raftune.errors import ConfigError


def load(kind: str, name: str) -> Any:
    """What a plug file offers under the name `plug`. Raises ConfigError with the nearest name there is."""
    names = [module.name for module in pkgutil.iter_modules(importlib.import_module(f"raftune.{kind}").__path__)]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        raise ConfigError(
            f"There is no {name!r} among the {kind}.",
            f"Did you mean {near[0]!r}?" if near else f"Choose one of: {', '.join(sorted(names))}.",
        )
    return importlib.import_module(f"raftune.{kind}.{name}").plug
