"""Errors in the form of OpenAI's API, for every status; what happened inside stays in the log."""

import json
import logging
from pathlib import Path

import openai
import pytest
from starlette.exceptions import HTTPException

from raftune import errors
from raftune.serving.refusals import STATUSES, Refusal, refusal_of, told
from tests.serving.running import running


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 413, 429, 500, 502, 503, 504])
def test_every_status_has_a_body(status: int) -> None:
    answer = Refusal(status, "No.", param="x").response()
    assert answer.status_code == status
    error = json.loads(bytes(answer.body))["error"]
    assert (error["message"], error["param"]) == ("No.", "x")
    assert isinstance(error["type"], str)
    assert status in (400, 409) or isinstance(error["code"], str)


@pytest.mark.parametrize("kind", STATUSES)
def test_errors_of_the_program(kind: type[errors.RaftuneError], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        refusal = told(kind("It broke at /home/somebody.", "Mend it."))
    inside = refusal.status_code >= 500
    assert ("somebody" in refusal.message) != inside
    assert ("somebody" in caplog.text) == inside


def test_errors_keep_their_waiting_time() -> None:
    assert refusal_of(errors.RateLimited("Slow down.", "Wait.", 7)).headers == {"Retry-After": "7"}


def test_errors_that_nobody_expected_tell_nothing() -> None:
    assert "prompt" not in refusal_of(ValueError("the prompt was ...")).message
    assert refusal_of(HTTPException(405, "Method Not Allowed")).code == "method_not_allowed"


def test_addresses_and_methods_that_are_none(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        with pytest.raises(openai.NotFoundError) as caught:
            up.own.get("/nowhere", cast_to=object)
        assert caught.value.code == "not_found"
        with pytest.raises(openai.APIStatusError) as wrong:
            up.own.delete("/chat/completions", cast_to=object)
        assert (wrong.value.status_code, wrong.value.code) == (405, "method_not_allowed")
