"""All checks by name: those in `checks/`, and the gates of the teaching stages as checks."""

import importlib
import pkgutil
from collections.abc import Collection, Sequence
from typing import Any

from raftune import registry
from raftune.audited import AuditOptions
from raftune.auditing.gated import GATED, GateCheck
from raftune.contracts import RowCheck, SetCheck
from raftune.errors import ConfigError


def names() -> tuple[str, ...]:
    """The names of all checks."""
    package = importlib.import_module("raftune.checks")
    return tuple(sorted({*(module.name for module in pkgutil.iter_modules(package.__path__)), *GATED}))


def chosen(only: Collection[str], skip: Collection[str]) -> tuple[str, ...]:
    """The names of the checks that are wanted; all, where `only` is empty. Raises ConfigError for an unknown one."""
    known = names()
    if wrong := next((name for name in (*only, *skip) if name not in known), None):
        raise ConfigError(f"There is no check {wrong!r}.", f"Choose from: {', '.join(known)}.")
    return tuple(name for name in known if (not only or name in only) and name not in skip)


def opened(wanted: Sequence[str], options: AuditOptions) -> tuple[list[RowCheck], list[SetCheck]]:
    """New checks of those names: those that look at rows one by one, and those that look at the whole set."""
    rows: list[RowCheck] = []
    sets: list[SetCheck] = []
    for name in wanted:
        check: Any = GateCheck(name) if name in GATED else registry.load("checks", name)(options)
        (rows if hasattr(check, "fault") else sets).append(check)
    return rows, sets
