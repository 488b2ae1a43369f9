"""What was learned about endpoints, kept over restarts: their quotas, and what they refuse.

A small JSON file. Losing it costs a few requests, so it is replaced whole and never waited for.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

Values = dict[str, Any]

PAUSE = 1.0  # seconds between two writings


class EndpointMemory:
    """Values by name, in a file or, where `path` is None, only while the object lives."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._values = read(path) if path is not None else {}
        self._changed = False
        self._written = float("-inf")

    def recall(self, name: str) -> Values:
        """What is known under a name: a copy, empty where nothing is."""
        return dict(self._values.get(name, {}))

    def remember(self, name: str, values: Values) -> None:
        """Puts values in the place of those under a name; on disk within a second, or at the next `flush`."""
        if self._values.get(name) == values:
            return
        self._values[name] = dict(values)
        self._changed = True
        if time.monotonic() - self._written >= PAUSE:
            self.flush()

    def flush(self) -> None:
        """Writes what has changed. A disk that takes nothing is no reason to stop a run."""
        if self.path is None or not self._changed:
            return
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            beside.write_text(json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
            beside.replace(self.path)
        except OSError:
            beside.unlink(missing_ok=True)
        self._changed = False
        self._written = time.monotonic()


def read(path: Path) -> dict[str, Values]:
    """The values of a file; none where there is no file, or another one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: values for name, values in found.items() if isinstance(values, dict)}
