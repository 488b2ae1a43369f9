"""What a running service is made of; routes get it from the request that they answer."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request

from raftune.answering import Answerer
from raftune.contracts import Embedder
from raftune.serve_config import ServeConfig
from raftune.serving.catalogue import Catalogue
from raftune.serving.measures import Measures
from raftune.serving.refusals import Refusal
from raftune.serving.turnstile import Turnstile
from raftune.tuning.tuner import Tuner

Background = Callable[[], AbstractAsyncContextManager[None]]
"""What goes on beside the requests: entered before the first one, left after the last."""


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


@dataclass(frozen=True)
class Service:
    """The models of a project, and how they may be used. What the service itself keeps lies in `folder`.

    `answerer` finds passages for the models that read documents; `count` counts the tokens of texts to be embedded;
    `tuner` has the files and jobs, where models can be tuned here.
    """

    config: ServeConfig
    catalogue: Catalogue
    folder: Path
    tokens: tuple[str, ...] = field(repr=False)
    background: tuple[Background, ...] = ()
    answerer: Answerer | None = None
    embedder: Embedder | None = None
    count: Callable[[str], int] = words
    tuner: Tuner | None = None

    @cached_property
    def turnstile(self) -> Turnstile:
        """Who may generate now."""
        return Turnstile(self.config.at_once, self.config.waiting)

    @cached_property
    def measures(self) -> Measures:
        """What is counted about the service."""
        return Measures(self.turnstile)


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    return cast("Service", request.app.state.service)


TheService = Annotated[Service, Depends(service_of)]
"""The type of a route's parameter: `async def models(service: TheService)`."""


def tuner_of(service: Service) -> Tuner:
    """The files and jobs of a service. Raises Refusal (404) where nothing is tuned."""
    if service.tuner is None:
        raise Refusal(404, "Models are not tuned by this service.")
    return service.tuner
