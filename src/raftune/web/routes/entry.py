"""The way in, and what each browser chooses: name, language, colours."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import PlainTextResponse
from starlette.responses import RedirectResponse, Response

from raftune.web.sessions import LOCKED, let_in
from raftune.web.visiting import TheVisit

router = APIRouter()
LONGEST_NAME = 80


@router.get("/enter")
def enter(request: Request, token: str = "") -> Response:
    """Takes the token of a link; the page that follows has no token in its address."""
    cockpit = request.app.state.cockpit
    cookie = cockpit.sessions.enter(token)
    if cookie is None:
        known = getattr(request.state, "session", None) is not None
        return RedirectResponse("/", 303) if known else PlainTextResponse(LOCKED, 401)
    return let_in(RedirectResponse("/", 303), cockpit.cookie, cookie)


@router.get("/")
def first() -> Response:
    """The first page."""
    return RedirectResponse("/pipeline", 303)


@router.get("/settings")
def settings(visit: TheVisit) -> Response:
    """Name, language, colours, and a link for another browser."""
    return visit.page("settings", here="settings", link="", reviewers=visit.project.settings.ui.reviewers)


@router.post("/settings")
def choose(
    visit: TheVisit,
    who: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    language: Annotated[str, Form(pattern="^(|en|ko)$")] = "",
    theme: Annotated[str, Form(pattern="^(auto|light|dark)$")] = "auto",
    back: Annotated[str, Form(max_length=2000)] = "/settings",
) -> Response:
    """Keeps the choice on the server."""
    name = " ".join(who.replace(",", " ").split())
    visit.cockpit.sessions.change(visit.request.state.cookie, who=name, language=language, theme=theme)
    return visit.to(own_path(back))


@router.post("/settings/link")
def link(visit: TheVisit) -> Response:
    """A link that lets another browser of this machine in, once."""
    address = (
        f"{visit.request.url.scheme}://{visit.request.headers['host']}/enter?token={visit.cockpit.sessions.ticket()}"
    )
    return visit.page("settings", here="settings", link=address, reviewers=visit.project.settings.ui.reviewers)


def own_path(path: str) -> str:
    """A path of ours; "/" for the address of another machine."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"
