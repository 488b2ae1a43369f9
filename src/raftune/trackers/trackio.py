"""Writes what `trackio show` draws: a local database, nothing is sent anywhere."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from raftune.models.extras import optional

PROJECT = "raftune"


class Trackio:
    """A run in trackio's database below a folder; opened at the first step."""

    def __init__(self, folder: Path, run: str) -> None:
        os.environ.setdefault("TRACKIO_DIR", str(folder))  # read when the library is imported
        self.name = run
        self.library = optional("trackio", "track")
        self.run: Any = None

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Adds the figures of a step."""
        if self.run is None:
            self.run = self.library.init(project=PROJECT, name=self.name, resume="allow", embed=False)
        self.run.log(dict(figures), step=step)

    def close(self) -> None:
        """Writes what is still held."""
        if self.run is not None:
            self.run.finish()


plug = Trackio
