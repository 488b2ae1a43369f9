"""What a client is told that is not answered: {"error": {"message", "type", "param", "code"}}, as OpenAI's API does."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from raftune.errors import (
    BadReply,
    ConfigError,
    DocumentError,
    OverBudget,
    ProviderError,
    RaftuneError,
    RateLimited,
    StoreError,
    TrainingError,
    Unavailable,
    WaitingForReview,
)

log = logging.getLogger("raftune.serving")
LEFT = 499  # in logs and figures: the client left before the answer
UNSUPPORTED = "unsupported_parameter"
OWN_CODES = (UNSUPPORTED, "missing_required_parameter", "invalid_type", "invalid_value")
KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
CODES = {
    401: "invalid_api_key",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "request_too_large",
    429: "rate_limit_exceeded",
    500: "server_error",
    502: "model_failed",
    503: "unavailable",
    504: "deadline_exceeded",
}
# What an error of the program means to a client. Those of 500 and more may tell of the machine: they are not repeated.
STATUSES: dict[type[RaftuneError], int] = {
    ConfigError: 400,
    DocumentError: 400,
    WaitingForReview: 409,
    RateLimited: 429,
    OverBudget: 429,
    TrainingError: 500,
    BadReply: 502,
    ProviderError: 502,
    Unavailable: 503,
    StoreError: 503,
}


class Refusal(HTTPException):
    """A request that is not answered; `param` is the field that is wrong, as in messages[0].role.

    `headers` go along with the answer, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, dict(headers or {}))
        self.message = message
        self.param = param
        self.code = code or CODES.get(status)

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        kind = KINDS.get(self.status_code, "server_error" if self.status_code >= 500 else "invalid_request_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse(self.body(), self.status_code, self.headers)


def refusal_of(error: Exception) -> Refusal:
    """What a client is told about an error. What happened inside is for the log alone."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return of_fields(error.errors())
    if isinstance(error, HTTPException):
        return Refusal(error.status_code, f"{error.detail}.".replace("..", "."), headers=error.headers)
    if isinstance(error, RaftuneError):
        return of_own(error)
    return Refusal(500, "The service failed. Its log says more.", headers={"Connection": "close"})


def of_own(error: RaftuneError) -> Refusal:
    """What is told about an error that was raised on purpose: its own words where the client can mend it."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    if status >= 500:
        return Refusal(status, "The service cannot answer this now. Its log says more.")
    wait = getattr(error, "retry_after", None)
    return Refusal(status, str(error), headers={"Retry-After": str(wait)} if wait else None)


def of_fields(errors: Sequence[Any]) -> Refusal:
    """What is told about a request of the wrong form: its first fault, by the field's name."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return Refusal(400, "The body is no valid JSON.", code="invalid_json")
    place = list(first["loc"][1:])
    if not place:
        return Refusal(400, "The body has to be a JSON object, sent as application/json.", code="invalid_type")
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")
    code = code_of(first["type"])
    message = first["msg"].removeprefix("Value error, ")
    return Refusal(400, f"{param}: {message[:1].lower()}{message[1:]}.", param=param, code=code)


def code_of(fault: str) -> str:
    """The API's word for a fault, from pydantic's or one of our own."""
    if fault in OWN_CODES:
        return fault
    if fault == "missing":
        return "missing_required_parameter"
    return "invalid_type" if fault.endswith("_type") else "invalid_value"


def told(error: Exception) -> Refusal:
    """What a client is told about an error; what it is not told is written into the log."""
    refusal = refusal_of(error)
    if isinstance(error, RaftuneError) and refusal.status_code >= 500:
        log.error("%s: %s", type(error).__name__, error)
    return refusal


async def refuse(_: Request, error: Exception) -> JSONResponse:
    """The answer to a request that raised an error."""
    return told(error).response()
