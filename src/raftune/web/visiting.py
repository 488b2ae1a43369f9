"""A request as routes see it: the cockpit, who asks, in which language; and the pages that answer it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from raftune import __version__
from raftune.api import Project
from raftune.debugging import clean
from raftune.errors import ConfigError
from raftune.records import Language
from raftune.web.cockpit import Cockpit
from raftune.web.sessions import Session
from raftune.web.wording import duration, language_of, words

PAGES = ("pipeline", "documents", "review", "training", "results", "chat", "audit")


@cache
def environment() -> Environment:
    """The templates; every text is escaped, and a name that is asked for in vain is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=PackageLoader("raftune.web", "templates"),
    )
    made.filters["thousands"] = "{:,}".format
    return made


@dataclass(frozen=True)
class Visit:
    """One request."""

    request: Request
    cockpit: Cockpit
    session: Session

    @property
    def project(self) -> Project:
        """The project."""
        return self.cockpit.project

    @property
    def language(self) -> Language:
        """The language of the page."""
        return language_of(self.session.language, self.request.headers.get("accept-language", ""))

    @property
    def words(self) -> dict[str, Any]:
        """The words of the page."""
        return words(self.language)

    @property
    def partial(self) -> bool:
        """Whether a script asks for a part of a page."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and "hx-history-restore-request" not in headers

    @property
    def who(self) -> str:
        """The user's name. Raises ConfigError where none was given."""
        if not self.session.who:
            raise ConfigError(self.words["who"]["missing"], self.words["who"]["advice"])
        return self.session.who

    @property
    def back(self) -> str:
        """The address of the page that is open, for a form that leads back to it."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def now(self) -> str:
        """The time for the log of decisions."""
        return datetime.now(UTC).isoformat(timespec="seconds")

    def html(self, template: str, **values: Any) -> str:
        """A template with values."""
        texts = self.words
        return (
            environment()
            .get_template(f"{template}.html.jinja")
            .render(
                t=texts,
                session=self.session,
                language=self.language,
                pages=PAGES,
                version=__version__,
                project_name=self.name,
                back=self.back,
                time=partial(duration, texts=texts),
                **values,
            )
        )

    @property
    def name(self) -> str:
        """The project's name, "" where its settings are wrong."""
        try:
            return self.project.settings.name
        except ConfigError:
            return ""

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page."""
        return HTMLResponse(self.html(template, **values), status)

    def to(self, path: str) -> Response:
        """Sends the browser to another page of ours after a form."""
        if self.partial:
            return Response(status_code=200, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def refusal(self, status: int, message: str, advice: str) -> Response:
        """What is told instead of a page, or into the notice at the top of the one that is open."""
        values = {"message": clean(message), "advice": clean(advice)}
        if not self.partial:
            return self.page("error", status, title=self.words["error"], here="", **values)
        return HTMLResponse(self.html("notice", **values), status, {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})


def visit_of(request: Request) -> Visit:
    """The visit of a request that was let in."""
    cockpit = cast("Cockpit", request.app.state.cockpit)
    return Visit(request, cockpit, getattr(request.state, "session", None) or Session(0.0))


TheVisit = Annotated[Visit, Depends(visit_of)]
"""The type of a route's parameter."""


def static_folder() -> str:
    """Where scripts and styles lie."""
    return str(files("raftune.web") / "static")
