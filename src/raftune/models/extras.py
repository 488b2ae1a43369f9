"""Imports an optional library where it is used, and says how to install it where it is missing."""

from importlib import import_module
from typing import Any

from raftune.errors import MissingExtra


def optional(module: str, extra: str) -> Any:
    """The imported module; raises MissingExtra that names the extra which brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtra(f"The library {error.name} is not installed.", f"pip install 'raftune[{extra}]'") from error
