"""The catalogue of faults, and the switches that turn them on for all, the first, every n-th or chosen requests."""

import inspect
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.servers.openai.faults import bodies, refusals, replies
from tests.servers.openai.wire import Request, Response, Wire

Refusing = Callable[[Request], Response | None]
Changing = Callable[[dict[str, Any]], None]
Breaking = Callable[[Request, Wire, Response], Awaitable[Response | None]]
AWAY = "away"
"""The server listens no more for a while: connections are refused."""
NO_FAULTS = {"unsupported", "text_of", "say", "tool_call", "other_body", "bomb"}


def functions_of(module: Any, result: Any = None) -> dict[str, Any]:
    """The faults of a file by their names."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {
        name: function for name, function in found if function.__module__ == module.__name__ and name not in NO_FAULTS
    }


REFUSALS: dict[str, Refusing] = functions_of(refusals)
REPLIES: dict[str, Changing] = functions_of(replies)
BODIES: dict[str, Breaking] = functions_of(bodies)
CATALOGUE: dict[str, Any] = {**REFUSALS, **REPLIES, **BODIES, AWAY: None}


@dataclass
class Switch:
    """A fault that is on: for the `first` requests, for `every` n-th, for `chosen` numbers (from 1), `where` a test
    holds, or for all. Requests are those of `path`'s ending."""

    name: str
    first: int | None = None
    every: int | None = None
    chosen: Collection[int] | None = None
    where: Callable[[Request], bool] | None = None
    path: str = ""
    seen: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.name not in CATALOGUE:
            raise ValueError(f"no fault {self.name!r}; known: {', '.join(sorted(CATALOGUE))}")

    def strikes(self, request: Request) -> bool:
        """Whether a request is to suffer; counts it."""
        if not request.path.endswith(self.path) or (self.where is not None and not self.where(request)):
            return False
        self.seen += 1
        hit = (
            (self.first is None or self.seen <= self.first)
            and (self.every is None or self.seen % self.every == 0)
            and (self.chosen is None or self.seen in self.chosen)
        )
        self.struck += hit
        return hit


def parsed(text: str) -> Switch:
    """A switch in short form: reset, reset:first=3, reset:every=5."""
    name, _, rest = text.partition(":")
    options = dict(part.split("=", 1) for part in rest.split(",") if part)
    path = options.pop("path", "")
    return Switch(name, path=path, **{key: int(value) for key, value in options.items()})  # type: ignore[arg-type]
