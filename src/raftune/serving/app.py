"""Puts the service together: routes, what stands before them, and what goes on beside them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from raftune import __version__
from raftune.errors import RaftuneError
from raftune.serving.bodies import BodyLimit
from raftune.serving.leaving import ClientGone
from raftune.serving.recording import Recorder
from raftune.serving.refusals import LEFT, refuse
from raftune.serving.routes import chat, embeddings, files, health, jobs, models
from raftune.serving.security import LOOPBACK, Guard, Origins
from raftune.serving.service import Service

ROUTERS = (models.router, chat.router, embeddings.router, files.router, jobs.router, health.router)


def make_app(service: Service) -> FastAPI:
    """The service as an ASGI application. Its description stands behind the token; no page of it loads scripts."""
    app = FastAPI(
        title="raftune",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=before(service),
    )
    app.state.service = service
    for error in (HTTPException, RequestValidationError, RaftuneError):
        app.add_exception_handler(error, refuse)
    app.add_exception_handler(ClientGone, lambda *_: Response(status_code=LEFT))
    for router in ROUTERS:
        app.include_router(router)
    return app


def before(service: Service) -> list[Middleware]:
    """What a request passes before it comes to its route, the first thing first."""
    config = service.config
    hosts = (*LOOPBACK, *(host.lower() for host in (config.host, *config.hosts)))
    browsers = Middleware(
        CORSMiddleware,
        allow_origins=config.origins,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "retry-after"],
    )
    bodies = Middleware(
        BodyLimit, megabytes=config.body_megabytes, file_megabytes=config.file_megabytes, seconds=config.body_seconds
    )
    return [
        Middleware(Recorder, measures=service.measures),
        Middleware(Origins, hosts=hosts, origins=config.origins),
        *([browsers] if config.origins else []),
        Middleware(Guard, tokens=service.tokens),
        bodies,
    ]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts what goes on beside the requests, and ends it."""
    async with AsyncExitStack() as stack:
        for background in app.state.service.background:
            await stack.enter_async_context(background())
        yield
