"""The lines of a batch's files: requests as they go up, replies and refusals as they come back."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from raftune.contracts import ChatReply, ChatRequest
from raftune.endpoints.chat_wire import Capability, arguments_of, lesser, reply_of
from raftune.endpoints.explaining import explain_status, is_filtered
from raftune.endpoints.keys import redact
from raftune.errors import BadReply, ProviderError, QueueFull, Unavailable

FULL = re.compile(r"token_limit_exceeded|enqueued[ _-]tokens? limit", re.IGNORECASE)
LIMIT = re.compile(r"limit: ?([\d,]+)", re.IGNORECASE)
UNFIT = frozenset({400, 413, 422})
SHOWN = 200  # characters of what an endpoint says


@dataclass(frozen=True)
class Refusal:
    """An error inside a batch, in the form of the SDK's errors."""

    status_code: int
    body: Mapping[str, Any]
    response: Any = field(default_factory=lambda: SimpleNamespace(headers={}))

    @property
    def code(self) -> Any:
        """The endpoint's name for it."""
        return self.body.get("code")

    @property
    def type(self) -> Any:
        """The kind it is of."""
        return self.body.get("type")

    @property
    def param(self) -> Any:
        """The parameter that it is about."""
        return self.body.get("param")

    @property
    def message(self) -> str:
        """What the endpoint says."""
        return str(self.body.get("message") or "")


@dataclass(frozen=True)
class Place:
    """Whose lines they are, for messages: host, and what to look at where it lets nobody in."""

    host: str
    credential: str


def line_of(custom_id: str, request: ChatRequest, capability: Capability, path: str) -> bytes:
    """A request as a line, its end included."""
    line = {"custom_id": custom_id, "method": "POST", "url": path, "body": arguments_of(request, capability)}
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def parsed(line: bytes) -> tuple[str, int, Any] | None:
    """Name, status and body of a line that came back; None for one that is damaged, or has no name."""
    try:
        row = json.loads(line)
        name, response, error = row["custom_id"], row.get("response") or {}, row.get("error")
        status, body = int(response.get("status_code") or 0), response.get("body")
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if not isinstance(name, str):
        return None
    return (name, 0, error) if error and not body else (name, status, body)


def outcome_of(
    status: int, body: Any, request: ChatRequest | None, capability: Capability, place: Place, *, alone: bool
) -> tuple[ChatReply | ProviderError, Capability | None]:
    """The reply or the error of a line, and what is left to try where its form was refused.

    Unavailable where the request may be sent again. `alone`: others of its kind were answered, so that a refusal is
    about this one.
    """
    if status == 200:
        return reply_or_fault(body, request), None
    if not status:
        return not_done(place), None
    error = body.get("error") if isinstance(body, Mapping) else None
    refusal = Refusal(status, error if isinstance(error, Mapping) else {})
    if is_filtered(refusal):
        return ChatReply(text="", finish_reason="content_filter", prompt_tokens=0, completion_tokens=0), None
    left = None if request is None or alone else lesser(capability, refusal, request)
    if left is not None:
        return other_form(place), left
    model = "" if request is None else request.model
    return row_fault(explain_status(refusal, place.host, model, place.credential), status), None


def row_fault(error: ProviderError, status: int) -> ProviderError:
    """An error as one of this row alone where the endpoint refused what the row says: others of the batch went well."""
    if status not in UNFIT or isinstance(error, BadReply):
        return error
    return BadReply(error.message, error.advice, "refused")


def reply_or_fault(body: Any, request: ChatRequest | None) -> ChatReply | ProviderError:
    """The reply of a line that succeeded; one that is no completion may be asked for again."""
    try:
        return reply_of(body, schema=request is None or request.reply_schema is not None)
    except Unavailable as error:
        return error


def refused_for(errors: Iterable[Mapping[str, Any]], place: Place) -> ProviderError:
    """Why an endpoint did not take a batch: QueueFull, or what it says about the first error."""
    first = next(iter(errors), {})
    words = str(first.get("message") or "")
    if FULL.search(f"{first.get('code')} {words}"):
        limit = LIMIT.search(words)
        return QueueFull(
            f"{place.host} has no room for more batches.",
            "Wait until others have ended.",
            int(limit[1].replace(",", "")) if limit and limit[1].strip(",") else None,
        )
    line = f" (line {first['line']})" if first.get("line") else ""
    return ProviderError(
        f"{place.host} refuses the batch{line}: {redact(words)[:SHOWN] or first.get('code') or 'it does not say why'}",
        'Check model and settings, or set delivery = "live".',
    )


def not_done(place: Place) -> Unavailable:
    """The error of a request that a batch did not get to."""
    return Unavailable(f"{place.host} ended the batch before this request.", "Run again later.", reason="left out")


def other_form(place: Place) -> Unavailable:
    """The error of a request that has to be sent in another form."""
    return Unavailable(f"{place.host} does not take requests of this form.", "Run again.", reason="other form")
