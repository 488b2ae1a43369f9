"""Puts the application together: pages, and what stands before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from raftune.errors import DocumentError, RaftuneError, StoreError
from raftune.serving.bodies import BodyLimit
from raftune.serving.refusals import Refusal
from raftune.serving.security import LOOPBACK, Origins
from raftune.web.cockpit import Cockpit
from raftune.web.headers import SafeHeaders
from raftune.web.routes import audit, blind, chat, documents, entry, pipeline, results, review, rows, training
from raftune.web.sessions import SignedIn
from raftune.web.visiting import static_folder, visit_of

ROUTERS = (entry, pipeline, documents, review, blind, training, results, rows, chat, audit)
FORM_MEGABYTES = 1.0
BODY_SECONDS = 60.0
PATIENCE = 3.0  # seconds
UPLOADS = "/audit"


def make_app(cockpit: Cockpit) -> FastAPI:
    """The application. It has no description of itself, and no page of it asks another machine for anything."""
    app = FastAPI(
        title="raftune", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, middleware=before(cockpit)
    )
    app.state.cockpit = cockpit
    for error in (HTTPException, RequestValidationError, RaftuneError):
        app.add_exception_handler(error, refuse)
    app.mount("/static", StaticFiles(directory=static_folder()), "static")
    for module in ROUTERS:
        app.include_router(module.router)
    return app


def before(cockpit: Cockpit) -> list[Middleware]:
    """What a request passes before it comes to its page, the first thing first."""
    upload = cockpit.project.settings.ui.upload_megabytes
    return [
        Middleware(SafeHeaders),
        Middleware(Origins, hosts=LOOPBACK, origins=()),
        Middleware(SignedIn, sessions=cockpit.sessions, cookie=cockpit.cookie),
        Middleware(BodyLimit, megabytes=FORM_MEGABYTES, file_megabytes=upload, seconds=BODY_SECONDS, uploads=UPLOADS),
    ]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Makes the review desk ready, beside the first pages; closes what was opened, at the end."""
    cockpit = app.state.cockpit
    preparing = Thread(target=cockpit.library.prepare, args=(cockpit.project,), daemon=True)
    preparing.start()
    yield
    await run_in_threadpool(preparing.join, PATIENCE)
    if not preparing.is_alive():  # else the end of the process ends it; what it makes appears when it is whole
        await run_in_threadpool(cockpit.close)


async def refuse(request: Request, error: Exception) -> Response:
    """The answer to a request that raised an error, in words."""
    visit = visit_of(request)
    message, advice, status = told(error, visit.words["refused"])
    return await run_in_threadpool(visit.refusal, status, message, advice)


def told(error: Exception, texts: dict[str, Any]) -> tuple[str, str, int]:
    """What is wrong, what to do about it, and the status."""
    if isinstance(error, RaftuneError):
        return error.message, error.advice, 500 if isinstance(error, (StoreError, DocumentError)) else 400
    if isinstance(error, Refusal):
        return error.message, "", error.status_code
    if isinstance(error, HTTPException):
        return (texts["missing"] if error.status_code == 404 else str(error.detail)), texts["back"], error.status_code
    return texts["form"], texts["back"], 400
