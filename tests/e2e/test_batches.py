"""A run by batches: killed while it waits, resumed, half of it failing once; the rows are those of a live run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.providers.openai_batches import plug
from raftune.wrappers.batched import BatchedModel
from tests.servers.openai import CATALOGUE, BatchRules, Server, serving

PASSAGES = 12
FINAL = {"quota_exhausted", "wrong_key", "forbidden", "unknown_model"}
UNFIT = {"filtered_prompt", "filtered_prompt_at_azure", "too_long"}  # what only a chat completion can be
CONFIG = """\
name = "batches"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 400
minimum = 100
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
key_variable = ""
recipe = "passages"
mode = "separate"
questions_per_chunk = 2
delivery = "{delivery}"
"""


def make_project(folder: Path, url: str, delivery: str) -> Path:
    (folder / "documents").mkdir(parents=True)
    sections = [
        f"## Rule {number}\n\nUnder rule {number} of the harbour, the fee for berth {number} is {100 + 7 * number} "
        f"coins per day. The harbour office opens berth {number} at {5 + number % 6} in the morning. Ships longer than "
        f"{20 + number} metres have to announce their arrival at berth {number} in writing."
        for number in range(PASSAGES)
    ]
    (folder / "documents" / "rules.md").write_text("\n\n".join(sections), encoding="utf-8")
    (folder / "raftune.toml").write_text(CONFIG.format(url=url, delivery=delivery), encoding="utf-8")
    return folder


def start(folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "raftune", "run", "--until", "answer", "-q", "--project", str(folder)]
    return subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def finish(folder: Path) -> None:
    process = start(folder)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


def kill_when(folder: Path, moment: Callable[[], bool]) -> bool:
    """Kills a run as soon as `moment` is there; False where it ended before."""
    process = start(folder)
    while process.poll() is None and not moment():
        time.sleep(0.005)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


def contents(folder: Path) -> dict[str, bytes]:
    """The files of the stages that ask a model."""
    objects = folder / ".raftune" / "objects"
    found = [path for stage in ("ask", "answer") for path in sorted((objects / stage).rglob("*")) if path.is_file()]
    return {str(path.relative_to(objects)): path.read_bytes() for path in found}


def counted(server: Server, kind: str) -> int:
    return len(server.storage.of_kind(kind))


def test_an_expired_batch_and_a_small_queue_lose_nothing(tmp_path: Path) -> None:
    asked = [
        ChatRequest(model="m", messages=(ChatMessage(role="user", content=f"Question {number}?"),), max_tokens=100)
        for number in range(40)
    ]

    async def go(model: BatchedModel) -> list[ChatReply]:
        try:
            return await asyncio.gather(*(model.complete(one) for one in asked))
        finally:
            model.close()
            await asyncio.sleep(0.01)

    ledger = Ledger(tmp_path / "ledger.sqlite")
    rules = BatchRules(validating=0.0, working=0.05, failing=0.3, expiring=1, enqueued_tokens=3_000)
    with serving(batches=rules, text="Yes.") as server:
        batches = plug(Endpoint(Address(server.url, ""), Keys(None)), EndpointMemory(None))
        model = BatchedModel(
            batches, ledger, name="here", meter=Meter(), price=None, count=lambda _: 20, poll=0.05, gather=0.02
        )
        assert [reply.text for reply in asyncio.run(go(model))] == ["Yes."] * 40
        statuses = Counter(batch["status"] for batch in server.storage.of_kind("batch"))
        paid = Counter(body["messages"][0]["content"] for body in server.batch_requests)
    ledger.close()
    assert statuses["failed"] >= 1
    assert statuses["expired"] == 1
    assert set(paid.values()) == {1}
    assert len(paid) == 40


QUICK = {"rate_limited", "internal_error", "reset", "html", "short_body"}
assert set(CATALOGUE) >= QUICK


async def quickly(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.1))


def in_time(fault: str):
    """A fault as a parameter: one of each kind at once, the others with the slow tests."""
    return fault if fault in QUICK else pytest.param(fault, marks=pytest.mark.slow)


@pytest.mark.parametrize("fault", [in_time(fault) for fault in sorted(set(CATALOGUE) - FINAL - UNFIT)])
def test_a_fault_of_the_endpoint_on_the_way_of_a_batch_passes(tmp_path: Path, fault: str) -> None:
    """Each kind of call fails once: uploading, making, listing, looking, fetching."""
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Question?"),), max_tokens=100)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    with serving(batches=BatchRules(validating=0.0, working=0.05), text="Yes.", away_seconds=0.05) as server:
        for end in ("/files", "/batches", "/batch-000001", "/content"):
            server.switch(fault, first=1, path=end)
        batches = plug(Endpoint(Address(server.url, "", seconds=1.0), Keys(None)), EndpointMemory(None))
        model = BatchedModel(
            batches, ledger, name="here", meter=Meter(), price=None, count=len_of, gather=0.01, sleep=quickly
        )

        async def go() -> str:
            try:
                return (await model.complete(request)).text
            finally:
                model.close()
                await asyncio.sleep(0.01)

        assert asyncio.run(go()) == "Yes."
        assert len(server.batch_requests) == 1
    ledger.close()


def len_of(request: ChatRequest) -> int:
    return len(request.messages[0].content)


def ended(server: Server) -> int:
    return sum(batch["status"] == "completed" for batch in server.storage.of_kind("batch"))


@pytest.mark.slow
def test_killed_at_every_station_a_run_pays_once_and_makes_the_rows_of_a_live_one(tmp_path: Path) -> None:
    with serving() as server:
        live = make_project(tmp_path / "live", server.url, "live")
        finish(live)
    rules = BatchRules(validating=0.1, working=1.0, failing=0.5)
    with serving(batches=rules) as server:
        project = make_project(tmp_path / "batch", server.url, "batch")
        kills = [
            kill_when(project, lambda: counted(server, "file") >= 1),  # uploaded
            kill_when(project, lambda: counted(server, "batch") >= 1),  # made
            kill_when(project, lambda: ended(server) >= 1),  # results are there
            kill_when(project, lambda: counted(server, "batch") >= 2),  # what failed is sent again
        ]
        assert sum(kills) >= 3
        finish(project)
        paid = Counter(json.dumps(body, sort_keys=True) for body in server.batch_requests)
        assert not server.requests
        assert len(paid) >= PASSAGES * 2
        assert set(paid.values()) == {1}
    assert contents(project) == contents(live)
    assert contents(project)
