"""What a running service is made of; routes get it from the request that they answer."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request

from raftune.serve_config import ServeConfig
from raftune.serving.catalogue import Catalogue

Background = Callable[[], AbstractAsyncContextManager[None]]
"""What goes on beside the requests: entered before the first one, left after the last."""


@dataclass(frozen=True)
class Service:
    """The models of a project, and how they may be used. What the service itself keeps lies in `folder`."""

    config: ServeConfig
    catalogue: Catalogue
    folder: Path
    tokens: tuple[str, ...] = field(repr=False)
    background: tuple[Background, ...] = ()


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    return cast("Service", request.app.state.service)


TheService = Annotated[Service, Depends(service_of)]
"""The type of a route's parameter: `async def models(service: TheService)`."""
