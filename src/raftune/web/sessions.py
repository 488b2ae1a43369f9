"""Who is let in: a link that works once gives a browser a cookie, and the server remembers what belongs to it."""

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

Theme = Literal["auto", "light", "dark"]
LIFETIME = 30 * 24 * 3600.0  # seconds
MOST = 50
PRIVATE = 0o600
OPEN = ("/enter", "/static/")
LOCKED = "Open the link that `raftune ui` printed. It works once; start `raftune ui` again for another one.\n"


@dataclass(frozen=True)
class Session:
    """A browser that was let in: its user's name, language ("" for what the browser asks for) and colours."""

    until: float
    who: str = ""
    language: str = ""
    theme: Theme = "auto"


class Sessions:
    """The browsers that were let in, kept in a file that only its owner reads; cookies are known by their digests."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path, self.clock = path, clock
        self.tickets: set[str] = set()
        self.lock = threading.Lock()
        self.known = self.load()

    def ticket(self) -> str:
        """A token for one link, good for one use."""
        token = secrets.token_urlsafe(32)
        with self.lock:
            self.tickets.add(token)
        return token

    def enter(self, token: str) -> str | None:
        """The cookie of a new session, None for a token that is unknown or was used."""
        with self.lock:
            if token not in self.tickets:
                return None
            self.tickets.discard(token)
            cookie = secrets.token_urlsafe(32)
            self.known[digest_of(cookie)] = Session(self.clock() + LIFETIME)
            self.save()
        return cookie

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie, None where there is none or it is over."""
        found = self.known.get(digest_of(cookie))
        return found if found is not None and found.until > self.clock() else None

    def change(self, cookie: str, **changes: str) -> None:
        """Sets fields of a session that is there."""
        with self.lock:
            key = digest_of(cookie)
            self.known[key] = replace(self.known[key], **changes)  # type: ignore[arg-type]
            self.save()

    def load(self) -> dict[str, Session]:
        """What was kept; nothing where the file is not there, not readable, or others may read it."""
        try:
            if self.path.is_symlink() or self.path.stat().st_mode & 0o077:
                return {}
            rows = json.loads(self.path.read_text(encoding="utf-8"))
            return {key: Session(**row) for key, row in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def save(self) -> None:
        """Writes the latest sessions, in one replacement."""
        newest = sorted(self.known.items(), key=lambda pair: pair[1].until)[-MOST:]
        self.known = {key: session for key, session in newest if session.until > self.clock()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f".{self.path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8") as file:
            json.dump({key: asdict(session) for key, session in self.known.items()}, file)
        part.replace(self.path)


def digest_of(cookie: str) -> str:
    """What a cookie is known by: its file tells nobody the cookie."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """Refuses (401) who brings no cookie of a session; puts the session into the state of the request."""

    app: ASGIApp
    sessions: Sessions
    cookie: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no web sockets
        value = Request(scope).cookies.get(self.cookie, "")
        session = self.sessions.find(value)
        if session is None and not scope["path"].startswith(OPEN):
            await PlainTextResponse(LOCKED, 401)(scope, receive, send)
            return
        scope.setdefault("state", {}).update(session=session, cookie=value)
        await self.app(scope, receive, send)


def let_in(response: Response, name: str, cookie: str) -> Response:
    """A response that hands a cookie over: no script reads it, and no other site's page sends it."""
    response.set_cookie(name, cookie, max_age=int(LIFETIME), path="/", httponly=True, samesite="strict")
    return response
