"""Puts the service together: routes, what stands before them, and what goes on beside them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from raftune import __version__
from raftune.errors import RaftuneError
from raftune.serving.refusals import refuse
from raftune.serving.routes import models
from raftune.serving.security import LOOPBACK, Guard
from raftune.serving.service import Service

ROUTERS = (models.router,)


def make_app(service: Service) -> FastAPI:
    """The service as an ASGI application. Its description stands behind the token; it has no pages that load scripts."""
    config = service.config
    hosts = (*LOOPBACK, *(host.lower() for host in (config.host, *config.hosts)))
    app = FastAPI(
        title="raftune",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Guard, tokens=service.tokens, hosts=hosts, origins=config.origins)],
    )
    app.state.service = service
    for error in (HTTPException, RequestValidationError, RaftuneError):
        app.add_exception_handler(error, refuse)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts what goes on beside the requests, and ends it."""
    async with AsyncExitStack() as stack:
        for background in app.state.service.background:
            await stack.enter_async_context(background())
        yield
