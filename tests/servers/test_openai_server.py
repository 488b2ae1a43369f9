"""The test server with the real SDK as its client."""

import base64
import json
import os
import signal
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.openai import CATALOGUE, BatchRules, Move, Server, serving
from tests.servers.openai.blanks import blanks_of, filled, language_of
from tests.servers.openai.faults import REFUSALS, Switch, parsed
from tests.servers.openai.quotas import Bucket, Quota, duration
from tests.servers.openai.statistics import Statistics

ROOT = Path(__file__).parents[2]
MESSAGES: Any = [{"role": "user", "content": "Say something about the harbour."}]


def client(server: Server, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=server.url, api_key="sk-test", max_retries=0, **options)


def chat(sdk: openai.OpenAI, **options: Any) -> Any:
    return sdk.chat.completions.create(**{"model": "m", "messages": MESSAGES, "max_tokens": 100, **options})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def test_the_same_request_has_the_same_bytes(server: Server) -> None:
    with client(server) as sdk:
        first, second = (
            sdk.chat.completions.with_raw_response.create(model="m", messages=MESSAGES, max_tokens=50) for _ in range(2)
        )
        assert first.content == second.content
        assert chat(sdk, max_tokens=51).id != first.parse().id
    assert server.stats()["repeated_paid"] == 1
    assert server.keys == ["Bearer sk-test"] * 3


def test_a_reply_longer_than_its_room_is_cut(server: Server) -> None:
    with client(server) as sdk:
        reply = chat(sdk, max_tokens=3)
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage.completion_tokens == 3


def test_a_stream_holds_what_a_completion_does(server: Server) -> None:
    with client(server) as sdk:
        whole = chat(sdk)
        chunks = list(chat(sdk, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.prompt_tokens == whole.usage.prompt_tokens


def test_a_forced_tool_is_called_with_what_a_schema_would_give(server: Server) -> None:
    schema = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
    tool: Any = {"type": "function", "function": {"name": "reply", "parameters": schema}}
    choice: Any = {"type": "function", "function": {"name": "reply"}}
    form: Any = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    with client(server) as sdk:
        call = chat(sdk, tools=[tool], tool_choice=choice).choices[0].message.tool_calls[0]
        text = chat(sdk, response_format=form).choices[0].message.content
    assert call.function.name == "reply"
    assert json.loads(call.function.arguments) == json.loads(text) == {"count": 1}


def test_embeddings_are_the_same_as_floats_and_in_base64(server: Server) -> None:
    with client(server) as sdk:
        floats = sdk.embeddings.create(model="e", input=["a boat", "a ship"], encoding_format="float", dimensions=16)
        packed = sdk.embeddings.with_raw_response.create(
            model="e", input=["a boat"], encoding_format="base64", dimensions=16
        )
    row = struct.unpack("<16f", base64.b64decode(json.loads(packed.content)["data"][0]["embedding"]))
    assert floats.data[0].embedding == pytest.approx(row, abs=1e-6)
    assert sum(value * value for value in row) == pytest.approx(1)
    assert floats.usage.prompt_tokens == 4


def test_models_are_listed_with_what_the_server_tells_about_them() -> None:
    with serving(models=[{"id": "small", "max_model_len": 100}]) as server, client(server) as sdk:
        assert [row.id for row in sdk.models.list()] == ["small"]
        assert sdk.models.retrieve("small").model_dump()["max_model_len"] == 100
        for call in (lambda: sdk.models.retrieve("other"), lambda: chat(sdk)):
            with pytest.raises(openai.NotFoundError):
                call()


def test_a_prompt_that_does_not_fit_is_refused() -> None:
    with (
        serving(context_length=50) as server,
        client(server) as sdk,
        pytest.raises(openai.BadRequestError) as caught,
    ):
        chat(sdk)
    assert caught.value.code == "context_length_exceeded"


def test_a_wrong_key_is_refused() -> None:
    with serving(key="right") as server, client(server) as sdk:
        with pytest.raises(openai.AuthenticationError):
            chat(sdk)
        assert chat(sdk.with_options(api_key="right")).choices


def test_quotas_are_told_and_enforced() -> None:
    with serving(tokens_per_minute=300) as server, client(server) as sdk:
        raw = sdk.chat.completions.with_raw_response.create(model="m", messages=MESSAGES, max_tokens=100)
        assert raw.headers["x-ratelimit-limit-tokens"] == "300"
        assert 180 < int(raw.headers["x-ratelimit-remaining-tokens"]) < 190
        chat(sdk)
        with pytest.raises(openai.RateLimitError) as caught:
            chat(sdk)
        assert int(caught.value.response.headers["retry-after"]) >= 1
        assert "Please try again in" in str(caught.value)
        with pytest.raises(openai.RateLimitError, match="too large"):
            chat(sdk, max_tokens=400)
        stats = server.stats()
    assert stats["answered_429"] == 2
    assert stats["reserved_tokens"] == sum(stats["reserved_each_second"])


def test_a_quota_moves_after_some_requests() -> None:
    with serving(requests_per_minute=1000, moves=[Move(None, 1, after_requests=2)]) as server, client(server) as sdk:
        for _ in range(3):
            chat(sdk)
        with pytest.raises(openai.RateLimitError):
            chat(sdk)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 40)), max_size=60), st.sampled_from([None, 1.0, 10.0]))
def test_no_window_admits_more_than_a_bucket_and_its_refill(steps: list[Any], window: float | None) -> None:
    bucket, now, taken = Bucket(600, window, burst=5.0), 0.0, []
    for pause, amount in steps:
        now += pause
        bucket.refill(now)
        if bucket.fits(amount) and amount <= bucket.capacity:
            bucket.take(now, amount)
            taken.append((now, amount))
        else:
            assert 0 < bucket.wait(now, amount) <= 60
    for since, _ in taken:
        spent = sum(amount for at, amount in taken if since <= at < since + 1)
        assert spent <= (2 * bucket.capacity if window else bucket.capacity + 10) + 1e-6


def test_durations_are_written_as_openai_does() -> None:
    assert [duration(seconds) for seconds in (0.12, 1.5, 59.9999, 360.0)] == ["120ms", "1.5s", "60s", "6m0s"]


def test_a_refused_request_takes_nothing_from_either_quota() -> None:
    quota = Quota(100, 1)
    assert quota.admit(0.0, 50) is None
    refusal = quota.admit(0.0, 60)
    assert refusal is not None
    assert refusal.unit == "tokens"
    assert quota.admit(60.0, 100) is None


def test_the_share_of_a_quota_is_that_of_the_window() -> None:
    statistics = Statistics()
    statistics.limits = [(0.0, 600), (20.0, 1200)]
    for second in range(40):
        statistics.admitted(float(second), 10)
    assert statistics.summary(0, 20)["window"]["quota_used"] == pytest.approx(1.0)
    assert statistics.summary(20, 40)["window"]["quota_used"] == pytest.approx(0.5)


def test_latency_is_waited_for_and_calls_at_once_are_counted() -> None:
    with serving(latency=lambda body: 0.2) as server, client(server) as sdk:
        started = time.monotonic()
        chat(sdk)
        assert time.monotonic() - started >= 0.2
        assert server.stats()["most_at_once"] == 1


SOUND = {"thought", "fenced", "other_model", "half_a_pair", "no_usage", "unfinished", "stream_breaks_off"}
STOPPED = {
    "cut_off", "filtered", "empty", "null", "refusal", "refusal_in_words", "prose", "broken_text", "other_shape",
    "uncalled_tool",
}  # fmt: skip
BODIES = {"html", "no_choices", "empty_choices", "choices_no_list", "content_a_list", "error_with_200"}
NOT_ASKED = {"schema_refused", "json_mode_refused", "tools_refused", "seed_refused"}
UNREADABLE = {"broken_json", "junk", "reset", "reset_in_body", "short_body", "away", "redirect"}
SLOW = {"slow_loris", "silence", "endless"}
LARGE = {"huge_body", "gzip_bomb"}


def test_the_groups_of_faults_are_the_whole_catalogue() -> None:
    refused = set(REFUSALS) - NOT_ASKED
    assert SOUND | STOPPED | BODIES | NOT_ASKED | UNREADABLE | SLOW | LARGE | refused == set(CATALOGUE)


@pytest.mark.parametrize("name", sorted(SOUND | STOPPED | NOT_ASKED))
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_changed_reply_reaches_the_client(server: Server, name: str, stream: bool) -> None:  # noqa: FBT001
    server.switch(name)
    with client(server) as sdk:
        reply = chat(sdk, stream=stream)
        if stream:
            assert [chunk for chunk in reply if chunk.choices]
        else:
            assert reply.choices
    assert server.stats()["faults"] == {name: 1}


@pytest.mark.parametrize("name", sorted(set(REFUSALS) - NOT_ASKED))
def test_a_refusal_is_an_error_of_the_sdk(server: Server, name: str) -> None:
    server.switch(name)
    with client(server) as sdk, pytest.raises(openai.APIStatusError) as caught:
        chat(sdk, temperature=0.5)
    assert caught.value.status_code == REFUSALS[name](server_request()).status  # type: ignore[union-attr]
    assert server.stats()["paid"] == 0


def server_request() -> Any:
    from tests.servers.openai.wire import Request

    return Request("POST", "/v1/chat/completions", {}, b'{"model":"m","max_tokens":1,"temperature":0}')


@pytest.mark.parametrize("name", sorted(UNREADABLE | SLOW))
def test_what_cannot_be_read_is_an_error_and_the_next_request_is_answered(server: Server, name: str) -> None:
    server.switch(name, first=1)
    with client(server, timeout=0.5) as sdk:
        if name == "endless":  # bytes keep coming: only a deadline over all of them ends it, which the SDK has not
            with sdk.chat.completions.with_streaming_response.create(model="m", messages=MESSAGES) as reply:
                assert next(reply.iter_bytes(1)) == b" "
        elif name == "slow_loris":
            with pytest.raises(openai.APITimeoutError):
                chat(sdk)
        else:
            with pytest.raises((openai.OpenAIError, ValueError)):
                chat(sdk)
        time.sleep(0.4 if name == "away" else 0)
        assert chat(sdk.with_options(max_retries=2)).choices


def test_a_gzip_bomb_is_small_on_the_wire(server: Server) -> None:
    server.switch("gzip_bomb")
    request = urllib.request.Request(
        f"{server.url}/chat/completions", json.dumps({"model": "m", "messages": MESSAGES}).encode()
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert len(answer.read()) < 1_000_000


def test_a_huge_body_is_cut_when_the_client_has_enough(server: Server) -> None:
    server.switch("huge_body")
    with (
        client(server) as sdk,
        sdk.chat.completions.with_streaming_response.create(model="m", messages=MESSAGES) as reply,
    ):
        assert len(next(reply.iter_bytes(1000))) == 1000


def test_switches_strike_the_first_every_nth_and_chosen_requests() -> None:
    request = server_request()
    for switch, hits in (
        (Switch("reset", first=2), [1, 2]),
        (parsed("reset:every=3"), [3, 6]),
        (Switch("reset", chosen={2, 5}), [2, 5]),
        (Switch("reset", where=lambda request: request.method == "GET"), []),
        (parsed("reset:path=/embeddings"), []),
    ):
        assert [number for number in range(1, 7) if switch.strikes(request)] == hits
    with pytest.raises(ValueError, match="no fault"):
        Switch("unheard_of")


def test_files_are_kept_given_and_deleted(server: Server) -> None:
    with client(server) as sdk:
        made = sdk.files.create(file=("one.jsonl", b'{"a":\r\n1}\n\n'), purpose="batch")
        assert sdk.files.content(made.id).read() == b'{"a":\r\n1}\n\n'
        assert [row.id for row in sdk.files.list()] == [made.id]
        assert sdk.files.delete(made.id).deleted
        with pytest.raises(openai.NotFoundError):
            sdk.files.retrieve(made.id)


def lines(count: int) -> bytes:
    body = {"model": "m", "messages": MESSAGES}
    rows = [
        {"custom_id": f"c{n}", "method": "POST", "url": "/v1/chat/completions", "body": {**body, "max_tokens": 9 + n}}
        for n in range(count)
    ]
    return "\n".join(map(json.dumps, rows)).encode()


def run_batch(sdk: openai.OpenAI, content: bytes) -> Any:
    file = sdk.files.create(file=("in.jsonl", content), purpose="batch")
    batch = sdk.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"label": "x"}
    )
    assert batch.status == "validating"
    return ended(sdk, batch.id)


def ended(sdk: openai.OpenAI, name: str) -> Any:
    while (batch := sdk.batches.retrieve(name)).status in ("validating", "in_progress", "finalizing"):
        time.sleep(0.01)
    return batch


def rows_in(sdk: openai.OpenAI, name: str | None) -> list[Any]:
    return [json.loads(line) for line in sdk.files.content(name).text.splitlines()] if name else []


def test_what_fails_once_in_a_batch_succeeds_the_second_time() -> None:
    rules = BatchRules(0.01, 0.02, failing=0.5)
    with serving(batches=rules) as server, client(server) as sdk:
        first = run_batch(sdk, lines(40))
        good, bad = rows_in(sdk, first.output_file_id), rows_in(sdk, first.error_file_id)
        assert len(good) + len(bad) == 40
        assert good
        assert {row["response"]["status_code"] for row in bad} == {500}
        assert first.request_counts.failed == len(bad)
        second = run_batch(sdk, lines(40))
        assert len(rows_in(sdk, second.output_file_id)) == 40
        assert second.error_file_id is None
        assert [batch.metadata for batch in sdk.batches.list(limit=1)] == [{"label": "x"}] * 2
        assert good[0]["response"]["body"]["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("rules", "content", "code"),
    [
        (BatchRules(0.0, 0.0), b"{nonsense", "invalid_json_line"),
        (BatchRules(0.0, 0.0), "\ufeff".encode() + lines(1), "invalid_json_line"),
        (BatchRules(0.0, 0.0), lines(1) + b"\n" + lines(1), "invalid_json_line"),
        (BatchRules(0.0, 0.0), b"", "empty_file"),
        (BatchRules(0.0, 0.0, enqueued_tokens=30), lines(3), "token_limit_exceeded"),
        (BatchRules(0.0, 0.0, invalid=1), lines(3), "invalid_request"),
    ],
)
def test_a_batch_fails_in_validation(rules: BatchRules, content: bytes, code: str) -> None:
    with serving(batches=rules) as server, client(server) as sdk:
        batch = run_batch(sdk, content)
        assert batch.status == "failed"
        assert batch.errors.data[0].code == code


def test_a_batch_that_expires_or_is_cancelled_keeps_what_is_done() -> None:
    with serving(batches=BatchRules(0.01, 0.05, expiring=1)) as server, client(server) as sdk:
        expired = run_batch(sdk, lines(10))
        assert expired.status == "expired"
        assert len(rows_in(sdk, expired.output_file_id)) == 5
        assert {row["error"]["code"] for row in rows_in(sdk, expired.error_file_id)} == {"batch_expired"}
        server.batches.rules.working = 60
        file = sdk.files.create(file=("in.jsonl", lines(4)), purpose="batch")
        batch = sdk.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
        while sdk.batches.retrieve(batch.id).status == "validating":
            time.sleep(0.01)
        assert sdk.batches.cancel(batch.id).status == "cancelled"


def test_a_restarted_server_knows_its_batches(tmp_path: Path) -> None:
    with serving(folder=tmp_path, batches=BatchRules(0.0, 0.3)) as server, client(server) as sdk:
        file = sdk.files.create(file=("in.jsonl", lines(4)), purpose="batch")
        batch = sdk.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    with serving(folder=tmp_path, batches=BatchRules(0.0, 0.3)) as server, client(server) as sdk:
        done = ended(sdk, batch.id)
        assert len(rows_in(sdk, done.output_file_id)) == 4
        assert sdk.files.create(file=("in.jsonl", b"1"), purpose="batch").id > (done.output_file_id or "")


@pytest.mark.parametrize(
    "line",
    [
        "The harbour office of Alder inspected 73 ships in the spring of 2021 and found them safe.",
        "Licences are renewed every two years unless the holder has left the country.",
        "2021년에 공단은 항만 73곳을 점검하였으며, 그중 9곳이 안전하지 않은 것으로 나타났다.",
        "| Alder | 73 ships | “safe” | 12.5 percent |",
    ],
)
def test_every_blank_is_found_again_from_its_question(line: str) -> None:
    blanks = list(blanks_of(line, 7, language_of(line)))
    assert blanks
    for blank in blanks:
        assert filled(blank.question, ["Another line about 12 boats.", line]) == (1, blank.answer)


def test_a_process_prints_its_address_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "tests.servers.openai", "--count", "bytes", "--tpm", "1000", "--json", "--record"]
    command += ["--fault", "overloaded:first=1", "--latency", "0-0.01", "--move", "100:5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ)) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with openai.OpenAI(base_url=url, api_key="sk-test", max_retries=0) as sdk:
            with pytest.raises(openai.InternalServerError):
                chat(sdk)
            chat(sdk)
            root = url.removesuffix("/v1")
            for path, body in (("/faults", {"name": "reset"}), ("/quota", {"requests_per_minute": 1})):
                request = urllib.request.Request(root + path, json.dumps(body).encode())
                with urllib.request.urlopen(request) as answer:
                    assert answer.status == 200
            with pytest.raises(openai.APIConnectionError):
                chat(sdk)
        with urllib.request.urlopen(f"{root}/requests") as answer:
            assert len(json.load(answer)) == 3
        process.send_signal(signal.SIGTERM)
        seen = json.loads(process.stdout.readline())
    assert process.returncode == 0
    assert seen["answered"] == {"200": 1, "503": 1}
    assert seen["faults"] == {"overloaded": 1, "reset": 1}
