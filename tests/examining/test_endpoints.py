import asyncio
from pathlib import Path

import pytest

from raftune.endpoints.keys import Keys
from raftune.examining import endpoints
from raftune.examining.endpoints import examined
from raftune.examining.room import Need
from raftune.examining.trying import Spent
from tests.examining.endpoints import NUMBER, checks_of, states, subject_at
from tests.servers.openai import serving

KEY = "right-key-1234"


def test_a_model_in_order_has_no_faults(tmp_path: Path) -> None:
    with serving(text=NUMBER, key=KEY, models=[{"id": "m"}], context_length=8192, requests_per_minute=500) as server:
        (tmp_path / ".env").write_text(f"MINE={KEY}\n")
        found = checks_of(subject_at(server.url, key_variable="MINE"), tmp_path, [Need("teacher", 3000)])
    assert states(found) == {
        "address": "ok", "tls": "skipped", "key": "ok", "model": "ok", "context": "ok", "reply": "ok", "usage": "ok",
        "schema": "ok", "quota": "ok", "clock": "skipped",
    }  # fmt: skip
    assert found["key"].words == "MINE of .env, accepted"
    assert found["context"].words == "8,192 tokens; the largest request takes about 3,000"
    assert found["quota"].words == "500 requests a minute"


def test_a_wrong_key_is_a_fault_of_the_key(monkeypatch) -> None:
    monkeypatch.setenv("MINE", "wrong-key-1234")
    with serving(text=NUMBER, key=KEY) as server:
        found = checks_of(subject_at(server.url, key_variable="MINE"))
    assert (found["key"].state, found["key"].code) == ("fail", 4)
    assert "MINE" in found["key"].advice
    assert "wrong-key" not in repr(found)
    assert "reply" not in found


def test_a_missing_key_is_told_before_anything_is_sent(monkeypatch) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setattr("raftune.endpoints.endpoint.LOOPBACK", frozenset())
    with serving(text=NUMBER) as server:
        found = checks_of(subject_at(server.url, key_variable="NOT_SET"))
        assert server.stats()["requests"] == 0
    assert found["key"].words == "the variable NOT_SET is not set"


def test_a_key_in_place_of_a_name_is_told_without_it() -> None:
    with serving(text=NUMBER) as server:
        found = checks_of(subject_at(server.url, key_variable="sk-proj-abcdefgh"))
        assert server.stats()["requests"] == 0
    assert found["key"].state == "fail"
    assert "abcdefgh" not in repr(found)


def test_an_unknown_model_is_told_with_those_there_are() -> None:
    with serving(models=[{"id": "mm"}, {"id": "other"}]) as server:
        found = checks_of(subject_at(server.url))
    assert found["model"].state == "fail"
    assert found["model"].advice == "It has mm."


def test_a_server_without_a_list_of_models_is_no_fault() -> None:
    with serving(text=NUMBER) as server:
        server.switch("unknown_model", path="/models")
        found = checks_of(subject_at(server.url))
    assert found["model"].state == "ok"
    assert found["context"].state == "skipped"


def test_requests_that_do_not_fit_are_a_fault() -> None:
    with serving(text=NUMBER, models=[{"id": "m"}], context_length=2048) as server:
        found = checks_of(subject_at(server.url), None, [Need("teacher", 3000), Need("judge", 9000)])
    assert (found["context"].state, found["context"].code) == ("fail", 4)
    assert "chunk.maximum" in found["context"].advice


@pytest.mark.parametrize(
    ("fault", "name", "state"),
    [
        ("quota_exhausted", "reply", "fail"),
        ("rate_limited", "reply", "warn"),
        ("overloaded", "reply", "fail"),
        ("html", "reply", "fail"),
        ("reset", "reply", "fail"),
        ("no_usage", "usage", "warn"),
        ("other_model", "model", "warn"),
        ("empty", "reply", "fail"),
    ],
)
def test_faults_are_told_where_they_are(fault: str, name: str, state: str) -> None:
    with serving(text=NUMBER) as server:
        server.switch(fault, path="/chat/completions")
        found = checks_of(subject_at(server.url))
    assert found[name].state == state


def test_what_was_found_before_the_time_ran_out_is_kept(monkeypatch) -> None:
    monkeypatch.setattr(endpoints, "SECONDS", 0.5)
    with serving(text=NUMBER, latency=5.0) as server:
        found = checks_of(subject_at(server.url))
    assert found["address"].state == "ok"
    assert "fail" in {check.state for check in found.values()}


def test_what_the_doctor_asks_is_little() -> None:
    spent = Spent()
    with serving(text=NUMBER) as server:
        asyncio.run(examined(subject_at(server.url), Keys(), [], spent))
    assert spent.requests == 2
    assert spent.prompt_tokens + spent.completion_tokens < 300
