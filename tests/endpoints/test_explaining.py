"""What each answer of an endpoint means: wait, give up a row, or end the run."""

import time
from dataclasses import dataclass, field
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest

from raftune.endpoints.explaining import explain_status, is_filtered, is_too_long, no_completion, wait_of
from raftune.endpoints.keys import Keys
from raftune.errors import BadReply, ProviderError, RateLimited, Unavailable

AZURE = {"code": "content_filter", "innererror": {"code": "ResponsibleAIPolicyViolation"}}


@dataclass
class Refusal:
    """The SDK's error, as far as it is looked at."""

    status_code: int
    message: str = "no"
    code: str | None = None
    type: str | None = None
    param: str | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def response(self) -> Any:
        return SimpleNamespace(headers=self.headers)


def explained(status: int, message: str = "no", code: str | None = None, **headers: str) -> ProviderError:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return explain_status(Refusal(status, message, code, headers=sent), "host:1", "m", "the key in TEST_KEY")


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (401, "invalid_api_key", ProviderError, "Check the key in TEST_KEY"),
        (403, None, ProviderError, "refuses the key"),
        (404, "model_not_found", ProviderError, "does not know the model m"),
        (429, "insufficient_quota", ProviderError, "quota is used up"),
        (429, "rate_limit_exceeded", RateLimited, "asked too much"),
        (408, None, Unavailable, "cannot answer now"),
        (500, None, Unavailable, "cannot answer now"),
        (529, None, Unavailable, "cannot answer now"),
        (307, None, Unavailable, "sends on to another address"),
        (400, "context_length_exceeded", BadReply, "longer than the model can read"),
        (400, None, ProviderError, "refuses the request"),
    ],
)
def test_each_status_has_its_meaning(status: int, code: str | None, kind: type, words: str) -> None:
    error = explained(status, code=code)
    assert type(error) is kind
    assert words in str(error)
    assert "host:1" in error.message or kind is BadReply


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens.",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "max_tokens is too large: 32768. This model supports at most 16384 completion tokens.",
        "'max_tokens' or 'max_completion_tokens' is too large: 5000.",
    ],
)
def test_a_request_that_does_not_fit_is_known_by_its_words(message: str) -> None:
    assert is_too_long(Refusal(400, message))
    assert not is_too_long(Refusal(400, "Unsupported parameter: 'max_tokens'"))


def test_both_forms_of_a_content_filter_are_known() -> None:
    assert is_filtered(Refusal(400, code="content_filter"))
    assert is_filtered(Refusal(400, body={"innererror": AZURE["innererror"]}))
    assert not is_filtered(Refusal(500, code="content_filter"))


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after": "7"}, "", 7.0),
        ({"retry-after-ms": "150", "retry-after": "1"}, "", 0.15),
        ({}, "Please try again in 1.2s. Visit", 1.2),
        ({}, "Please try again in 200ms.", 0.2),
        ({}, "Please retry after 2 minutes", 120.0),
        ({"retry-after": "nonsense"}, "", None),
        ({"retry-after": "-3"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({}, "slow down", None),
    ],
)
def test_the_wait_is_read_wherever_it_stands(headers: dict[str, str], message: str, seconds: float | None) -> None:
    assert wait_of(Refusal(429, message, headers=headers)) == seconds


def test_the_wait_may_be_a_date() -> None:
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    found = wait_of(Refusal(429, headers={"retry-after": in_a_minute}))
    assert found is not None
    assert 55 < found <= 60
    assert not wait_of(Refusal(429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}))


def test_no_message_quotes_a_key() -> None:
    key = Keys(None).secret("sk-secret-1234567890")
    assert key not in str(explained(400, f"Bad key {key} {key}"))
    assert key not in str(no_completion(f"upstream said {key}"))
    assert key[:6] not in str(explained(400, "x" * 190 + key))
