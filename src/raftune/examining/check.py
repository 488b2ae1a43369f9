"""What came out of looking at one thing, and what all of it means for the exit code."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from raftune.errors import ConfigError, RaftuneError

State = Literal["ok", "warn", "fail", "skipped"]

SEVEREST = (ConfigError.exit_code, 4, 8)
"""Exit codes by what has to be mended first: settings, endpoints, the disk."""


@dataclass(frozen=True)
class Check:
    """What was looked at (`name`) for whom (`role`), in `words`, and what to do. `code` is the exit code of a fail."""

    role: str
    name: str
    state: State
    words: str
    advice: str = ""
    code: int = 0


def of_error(role: str, name: str, error: RaftuneError) -> Check:
    """The failed check that an error stands for."""
    return Check(role, name, "fail", error.message, error.advice, error.exit_code)


def exit_code(checks: Iterable[Check]) -> int:
    """The code of the failed check that has to be mended first; 0 where none failed."""
    codes = {check.code for check in checks if check.state == "fail"}
    return next((code for code in SEVEREST if code in codes), max(codes, default=0))
