"""raftune --debug COMMAND: a log of what was asked and answered, and where an unexpected error comes from."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from raftune.debugging import DebugLog
    from raftune.errors import RaftuneError

UNEXPECTED = 1
CONFIG = "raftune.toml"
OWN_LOG = "OPENAI_LOG"
"""Makes the openai SDK write a log of its own, which nobody cleans."""


@dataclass
class Debugging:
    """What one call of the command line logs; nothing without --debug."""

    log: "DebugLog | None" = None

    def begin(self) -> None:
        """Logs from now on."""
        from raftune.debugging import DebugLog

        self.log = self.log or DebugLog()

    def follow(self, folder: Path) -> None:
        """Writes the log into a project, if there is one in that folder."""
        if self.log is not None and (folder / CONFIG).is_file():
            from raftune.api import STATE
            from raftune.debugging import FILE

            self.log.write_to(folder / STATE / FILE)

    def refuse(self, error: "RaftuneError") -> int:
        """Tells what is wrong and what to do; returns the exit code of the error's group."""
        from raftune.debugging import clean, ended

        if self.log is not None:
            ended(error)
        tell(clean(f"raftune: {error.message}\n         {error.advice}\n"))
        return error.exit_code

    def fail(self, error: Exception) -> int:
        """Tells of an error that nobody expected; returns its exit code."""
        from raftune.debugging import unexpected

        tell(unexpected(error, self.log))
        return UNEXPECTED

    def end(self) -> None:
        """Closes the log."""
        if self.log is not None:
            self.log.close()


def tell(text: str) -> None:
    """Writes to standard error, whatever its encoding has no letters for."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))


def silence() -> None:
    """Keeps keys out of what libraries log unasked."""
    import logging

    from raftune.debugging import CleanFormatter

    os.environ.pop(OWN_LOG, None)
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(CleanFormatter())


def root(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", help="Write .raftune/debug.log; show where an unexpected error comes from.")
    ] = False,
) -> None:
    """Begins the log, where it is wanted."""
    if debug:
        context.obj = context.obj or Debugging()
        context.obj.begin()


def followed(context: typer.Context, folder: Path) -> Path:
    """The project's folder; the log goes there."""
    if isinstance(context.obj, Debugging):
        context.obj.follow(folder)
    return folder
