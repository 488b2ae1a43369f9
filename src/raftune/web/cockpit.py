"""What the running application is made of; routes get it from the request that they answer."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from raftune.api import Project, open_project
from raftune.project import CONFIG_NAME
from raftune.web.asking import Asker
from raftune.web.library import Library
from raftune.web.running import Runs
from raftune.web.sessions import Sessions


@dataclass
class Cockpit:
    """A project's folder with what is kept beside it; `changes` are to its settings.

    `port` is the one it is reached at.
    """

    folder: Path
    port: int
    changes: tuple[str, ...] = ()
    project_lock: threading.Lock = field(default_factory=threading.Lock)
    opened: tuple[float, Project] | None = None

    @property
    def project(self) -> Project:
        """The project by its settings as they are now. Raises ConfigError where they are wrong."""
        path = self.folder / CONFIG_NAME
        changed = path.stat().st_mtime if path.exists() else 0.0
        with self.project_lock:
            if self.opened is None or self.opened[0] != changed:
                self.opened = (changed, open_project(self.folder, self.changes))
            return self.opened[1]

    @property
    def state(self) -> Path:
        """The folder of what the application keeps; all but the sessions can be made again."""
        return self.folder / ".raftune" / "ui"

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers do not tell ports apart."""
        return f"raftune-ui-{self.port}"

    @cached_property
    def sessions(self) -> Sessions:
        """The browsers that were let in."""
        return Sessions(self.state / "sessions.json")

    @cached_property
    def library(self) -> Library:
        """The stored rows."""
        return Library(self.state)

    @cached_property
    def runs(self) -> Runs:
        """Starts and stops runs."""
        return Runs(self.folder, self.state / "run.log", self.changes)

    @cached_property
    def asker(self) -> Asker:
        """The tuned model and its base."""
        return Asker(lambda: self.project)

    def close(self) -> None:
        """Closes what was opened."""
        self.asker.close()
        self.library.close()
