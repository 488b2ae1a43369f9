"""What an endpoint's answer means, in our words: who can mend it, and whether to try again."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from raftune.endpoints.keys import redact
from raftune.errors import BadReply, ProviderError, RateLimited, Unavailable

TOO_LONG = re.compile(
    r"context (?:length|window|size)|prompt is too long|too many tokens|_tokens\b.{0,40}\btoo large", re.IGNORECASE
)
WAIT = re.compile(
    r"(?:try|retry) (?:again )?(?:in|after) (\d+(?:\.\d+)?) ?(ms|milliseconds?|s|seconds?|m|minutes?)\b", re.IGNORECASE
)
FOR_NOW = frozenset({408, 409, 425})
QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "access_terminated"})
FILTERED = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})
SHOWN = 200  # characters of what an endpoint says


def explain_status(error: Any, place: str, model: str, credential: str) -> ProviderError:
    """The error for one of the SDK's with a status. What an endpoint says about a key is left out.

    `credential` says what to check where it is refused, such as "the key in OPENAI_API_KEY".
    """
    status = error.status_code
    if status in {401, 403}:
        return ProviderError(f"{place} refuses the key (status {status}).", f"Check {credential} and what it may use.")
    if status < 400:
        return Unavailable(
            f"{place} sends on to another address (status {status}).",
            "Write the final address as base_url: a key is not taken to another one.",
            reason="no completion",
        )
    if codes_of(error) & QUOTA:
        return ProviderError(
            f"{place}: the account's quota is used up.", "Add credit or use another account, then run again."
        )
    if status == 429:
        return RateLimited(
            f"{place} is asked too much at a time.", "Run again later: what was answered is kept.", wait_of(error)
        )
    if status in FOR_NOW or status >= 500:
        return Unavailable(
            f"{place} cannot answer now (status {status}).",
            "Run again later: what was answered is kept.",
            wait_of(error),
            reason="server error",
        )
    if status == 404:
        return ProviderError(
            f"{place} does not know the model {model}.", "Check the model's name and the address (…/v1)."
        )
    if is_too_long(error):
        return BadReply("The request is longer than the model can read.", "Use smaller chunks.", "too long")
    return ProviderError(
        f"{place} refuses the request (status {status}): {redact(words_of(error))[:SHOWN]}",
        "Check model and settings.",
    )


def no_completion(told: str = "") -> Unavailable:
    """The error for an answer that is not of the kind that was asked for; `told` is what it says, or lacks."""
    words = f": {redact(told)[:SHOWN]}" if told else ""
    return Unavailable(
        f"The endpoint's answer is no chat completion{words}.",
        "Check that the address ends in /v1 and that a model answers there.",
        reason="no completion",
    )


def codes_of(error: Any) -> set[str]:
    """All names that an endpoint gives an error: code, type, and what Azure puts inside."""
    body = error.body if isinstance(error.body, Mapping) else {}
    inner = body.get("innererror")
    found = [error.code, error.type, body.get("code"), inner.get("code") if isinstance(inner, Mapping) else None]
    return {str(code) for code in found if code}


def words_of(error: Any) -> str:
    """What an endpoint says about an error."""
    body = error.body if isinstance(error.body, Mapping) else {}
    return str(body.get("message") or error.message)


def is_filtered(error: Any) -> bool:
    """Whether a 400 is a content filter's, in OpenAI's or Azure's form."""
    return error.status_code == 400 and bool(codes_of(error) & FILTERED)


def is_too_long(error: Any) -> bool:
    """Whether a 4xx says that the request is longer than the model can read."""
    return "context_length_exceeded" in codes_of(error) or bool(TOO_LONG.search(words_of(error)))


def wait_of(error: Any) -> float | None:
    """The seconds the endpoint asks to wait, by a header or in words; nonsense counts as not said."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        seconds = number_of(headers.get(name, ""))
        if seconds is not None and 0 <= seconds / unit < 1e6:
            return seconds / unit
    if seconds := seconds_until(headers.get("retry-after", "")):
        return seconds
    if match := WAIT.search(words_of(error)):
        return float(match[1]) * unit_of(match[2].lower())
    return None


def number_of(text: str) -> float | None:
    """A number in a header, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def seconds_until(date: str) -> float | None:
    """The seconds until an HTTP date, or None."""
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except ValueError:
        return None


def unit_of(word: str) -> float:
    """How many seconds a unit has."""
    if word.startswith(("ms", "milli")):
        return 0.001
    return 60.0 if word.startswith("m") else 1.0
