"""Who may ask: a known host name, no foreign web page, a bearer token. Looked at before a body is read."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from raftune.serving.refusals import Refusal

LOOPBACK = ("localhost", "127.0.0.1", "::1")
OPEN = ("/health/live", "/health/ready")  # say no more than "ok"


@dataclass(frozen=True)
class Origins:
    """Refuses (403) what was meant for another host, and what web pages of other origins send.

    A page that was given another address for its own name (DNS rebinding) still sends its own Host.
    """

    app: ASGIApp
    hosts: Sequence[str]
    origins: Sequence[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] == "http":
            try:
                self.check(Headers(scope=scope))
            except Refusal as refusal:
                await refusal.response()(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def check(self, headers: Headers) -> None:
        """Raises Refusal."""
        if host_of(headers.get("host", "")) not in self.hosts:
            raise Refusal(403, "This host name is not served. Add it to serve.hosts.", code="wrong_host")
        origin = headers.get("origin")
        own = origin is not None and urlsplit(origin).netloc == headers.get("host")
        if origin in self.origins or own:
            return
        if origin is not None or headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise Refusal(403, "Web pages of this origin may not ask. Add it to serve.origins.", code="wrong_origin")


@dataclass(frozen=True)
class Guard:
    """Refuses (401) what comes without one of the tokens."""

    app: ASGIApp
    tokens: Sequence[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, with `client` in its state: what tells one token's holder at one address from others."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no web sockets
        try:
            token = "" if scope["path"] in OPEN else self.token_of(Headers(scope=scope))
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        scope.setdefault("state", {})["client"] = client_of(token, scope)
        await self.app(scope, receive, send)

    def token_of(self, headers: Headers) -> str:
        """The token that was sent. Raises Refusal unless it is one of ours; each is compared in constant time."""
        kind, _, sent = headers.get("authorization", "").partition(" ")
        known = [token for token in self.tokens if hmac.compare_digest(token.encode(), sent.strip().encode())]
        if kind.lower() != "bearer" or not known:
            raise Refusal(
                401, "The API key is missing or wrong.", code="invalid_api_key", headers={"WWW-Authenticate": "Bearer"}
            )
        return known[0]


def host_of(text: str) -> str:
    """The name in a Host header, without its port, in lower case; "" for what is none."""
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def client_of(token: str, scope: Scope) -> str:
    """What tells clients apart, in logs too: a few digits of the token's digest, and the address."""
    address = (scope.get("client") or ("",))[0]
    return f"{hashlib.sha256(token.encode()).hexdigest()[:8]}@{address}"


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
