"""A line for each request, without its texts."""

import logging
from pathlib import Path

import openai
import pytest

from tests.serving.routes.test_chat import ask, until
from tests.serving.running import BASE, TOKEN, running
from tests.serving.scripted import Scripted

SECRET = "Kim Min-su owes 73 coins"


def test_a_request_is_written_down_without_its_texts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), running(tmp_path, Scripted(text=SECRET)) as up:
        answer = ask(up, messages=[{"role": "user", "content": SECRET}])
        until(lambda: any(record.name == "raftune.serving.requests" for record in caplog.records))
    (record,) = [one for one in caplog.records if one.name == "raftune.serving.requests"]
    fields = record.fields
    assert fields["request"] == answer._request_id
    assert (fields["method"], fields["route"], fields["status"]) == ("POST", "/v1/chat/completions", 200)
    assert (fields["model"], fields["completion_tokens"]) == (BASE, 5)
    assert fields["client"].endswith("@127.0.0.1")
    assert not any(part in str(vars(record)) for part in ("Kim", TOKEN))


def test_what_nobody_expected_is_an_answer_and_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running(tmp_path, Scripted(failure=RuntimeError(SECRET))) as up:
        with pytest.raises(openai.InternalServerError) as caught:
            ask(up)
        assert caught.value.code == "server_error"
        assert "Kim" not in str(caught.value)
    (record,) = [one for one in caplog.records if one.name == "raftune.serving.requests"]
    assert (record.fields["failure"], record.fields["status"]) == ("RuntimeError", 500)


def test_paths_are_not_written_down(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), running(tmp_path) as up, pytest.raises(openai.NotFoundError):
        up.own.get("/personal?name=Kim", cast_to=object)
    assert "Kim" not in str([vars(record) for record in caplog.records if record.name.startswith("raftune")])
