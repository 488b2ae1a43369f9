"""An OpenAI-compatible endpoint by the openai SDK: its connections, its key, and its errors in our words."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from raftune.errors import BadReply, ConfigError, MissingExtra, ProviderError, Unavailable

TOO_LONG = re.compile(r"context (?:length|window|size)|prompt is too long|too many tokens", re.IGNORECASE)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FOR_NOW = frozenset({408, 409, 425, 429})
QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


@dataclass(frozen=True)
class Address:
    """How an endpoint is reached."""

    base_url: str | None = None
    key_variable: str = "OPENAI_API_KEY"
    credential: Literal["key", "entra"] = "key"
    header_variables: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 120.0
    stream: bool = False


class Endpoint:
    """Connections to one endpoint.

    `base_url` None is api.openai.com; `key_variable` names the environment variable that holds the key, empty for an
    endpoint without one; `timeout` in seconds for one request.
    """

    def __init__(self, base_url: str | None, key_variable: str, timeout: float) -> None:
        if base_url is not None and not base_url.startswith(("http://", "https://")):
            raise ConfigError(f"{base_url!r} is no web address.", "Write base_url like http://localhost:11434/v1.")
        self.base_url = base_url
        self.key_variable = key_variable
        self.timeout = timeout
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Closes the connections; inside a running event loop, as soon as that gets to it."""
        client, loop, self._client, self._loop = self._client, self._loop, None, None
        if client is None or loop is None or loop.is_closed():
            return
        if loop.is_running():
            self._closing = loop.create_task(client.close())
        else:
            loop.run_until_complete(client.close())

    def open(self, openai: Any) -> Any:
        """The client of the running event loop: connections cannot be used from another one."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            key, address = self.key(), self.base_url
            self._client = openai.AsyncOpenAI(api_key=key, base_url=address, max_retries=0, timeout=self.timeout)
            self._loop = loop
        return self._client

    def key(self) -> str:
        """The key, or a stand-in where none is needed. Raises ProviderError when it is missing."""
        key = os.environ.get(self.key_variable, "") if self.key_variable else ""
        local = self.base_url is not None and urlsplit(self.base_url).hostname in LOOPBACK
        if key or local or not self.key_variable:
            return key or "none"
        raise ProviderError(
            f"The environment variable {self.key_variable} is not set.", "Put the endpoint's key into it and run again."
        )

    def explain(self, openai: Any, error: Any, model: str) -> ProviderError:
        """The error for one of the SDK's. Never holds the key."""
        place = urlsplit(self.base_url or "https://api.openai.com").netloc.rpartition("@")[2]
        if isinstance(error, openai.APITimeoutError):
            return Unavailable(
                f"{place} did not answer within {self.timeout:g} seconds.", "Try again or raise the timeout."
            )
        if isinstance(error, openai.APIConnectionError):
            return Unavailable(f"{place} cannot be reached.", "Check the address, and whether the server runs.")
        if isinstance(error, openai.APIStatusError):
            return explain_status(error, place, model, self.key_variable)
        return ProviderError(
            f"{place} gave no usable answer ({type(error).__name__}).", "Check the address ends in /v1."
        )


def import_sdk() -> Any:
    """The SDK. Raises MissingExtra when it is not installed."""
    try:
        import openai
    except ImportError as error:
        raise MissingExtra("The openai package is not installed.", "Run: pip install 'raftune[endpoint]'") from error
    return openai


def explain_status(error: Any, place: str, model: str, key_variable: str) -> ProviderError:
    """The error for an HTTP status. What an endpoint says about a key is left out: it may quote the key."""
    status, code = error.status_code, str(error.code or error.type or "")
    if status in {401, 403}:
        name = key_variable or "the key variable"
        return ProviderError(
            f"{place} refuses the key (status {status}).", f"Check the key in {name} and what it may use."
        )
    if code in QUOTA:
        return ProviderError(
            f"{place}: the account's quota is used up.", "Add credit or use another account, then run again."
        )
    if status in FOR_NOW or status >= 500:
        return Unavailable(
            f"{place} cannot answer now (status {status}).",
            "Run again later: what was answered is kept.",
            wait_of(error),
        )
    if status == 404:
        return ProviderError(
            f"{place} does not know the model {model}.", "Check the model's name and the address (…/v1)."
        )
    if fault := row_fault(error):
        return fault
    return ProviderError(
        f"{place} refuses the request (status {status}): {error.message[:200]}", "Check model and settings."
    )


def row_fault(error: Any) -> BadReply | None:
    """The fault of this one request that a 400 tells of: filtered or too long."""
    if error.code == "content_filter":
        return BadReply("The endpoint's content filter refused the request.", "Look at the passage.", "content filter")
    if error.code == "context_length_exceeded" or TOO_LONG.search(error.message):
        return BadReply("The request is longer than the model can read.", "Use smaller chunks.", "too long")
    return None


def wait_of(error: Any) -> float | None:
    """The seconds the endpoint asks to wait; dates and nonsense count as not said."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / unit
        except (KeyError, ValueError):
            continue
        if 0 <= seconds < 1e6:
            return seconds
    return None
