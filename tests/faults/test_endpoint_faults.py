"""Each fault of an endpoint through all wrappers and the real `ask` stage: rows in = rows out + rejected."""

import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from raftune.errors import ProviderError
from tests.servers.openai import CATALOGUE, Server, serving
from tests.servers.openai.wire import Request

QUESTIONS = 3
FINAL = {"quota_exhausted", "wrong_key", "forbidden", "unknown_model"}
MENDED = {
    "thought", "fenced", "other_model", "half_a_pair", "no_usage",
    "schema_refused", "json_mode_refused", "tools_refused", "max_tokens_refused", "temperature_refused", "seed_refused",
}  # fmt: skip
REJECTED = {
    "cut_off": {"cut off"},
    "filtered": {"content filter"},
    "empty": {"empty reply"},
    "null": {"empty reply"},
    "refusal": {"refusal"},
    "refusal_in_words": {"refusal"},
    "prose": {"no JSON"},
    "other_shape": {"wrong shape"},
    "broken_text": {"no JSON", "not written"},  # whole items of a broken list are kept
    "uncalled_tool": {"tool call"},
    "filtered_prompt": {"content filter"},
    "filtered_prompt_at_azure": {"content filter"},
    "too_long": {"too long"},
}
PASSING = set(CATALOGUE) - FINAL - MENDED - set(REJECTED)
"""What is gone when a request is sent again."""
SETTINGS = """
name = "Faults"
documents = "documents"

[chunk]
splitter = "structure"
unit = "characters"
maximum = 1200
minimum = 100

[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
recipe = "passages"
questions_per_chunk = 3
kinds = {{ number = 1.0 }}
seconds = 2
key_variable = "TEST_KEY"
{more}
"""


def text_of(place: str, number: int) -> str:
    """Three facts, and so many words of its own that no place's text is a copy of another's."""
    chance = random.Random(place)
    words = ["".join(chance.choices(("ba", "ko", "li", "mu", "ne", "ra", "so", "ti"), k=4)) for _ in range(60)]
    return (
        f"# {place}\n\nThe office of {place} inspected {number + 20} ships in the spring and found nearly all of them "
        f"{' '.join(words[:20])} safe. Pilots at {place} renew a licence every {number + 2} months unless they have "
        f"left the {' '.join(words[20:40])} before. A lorry on the ferry of {place} pays {number + 300} dollars for a "
        f"crossing of the {' '.join(words[40:])} bay.\n"
    )


def place_of(fault: str) -> str:
    """A name that stands in one document only."""
    return fault.replace("_", " ").title().replace(" ", "")


def about(fault: str) -> Callable[[Request], bool]:
    """Whether a request is about the place of a fault."""
    mark = f"office of {place_of(fault)} inspected".encode()
    return lambda request: mark in request.raw


def make_project(folder: Path, server: Server, faults: list[str], more: str = "") -> api.Project:
    """A document for each fault, and one before them without any."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    for number, fault in enumerate(["a_sound_one", *sorted(faults)]):
        (documents / f"{number:02d}-{fault}.md").write_text(text_of(place_of(fault), number), encoding="utf-8")
    (folder / "raftune.toml").write_text(SETTINGS.format(url=server.url, more=more), encoding="utf-8")
    return api.open_project(folder)


def outcome(project: api.Project) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """The questions of each place, and its rejects by reason."""
    asked = api.stored(project, "ask")
    chunks: Any = api.stored(project, "chunk")
    fault_of = {chunk.id: chunk.path[3:-3] for chunk in chunks}
    kept = Counter(fault_of[question.chunk] for question in asked)  # type: ignore[attr-defined]
    rejected: dict[str, Counter[str]] = defaultdict(Counter)
    for row in asked.rejects():
        rejected[fault_of[row["row"].split(":")[0]]][row["reason"]] += 1
    return kept, rejected


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "sk-test")


@pytest.mark.parametrize("more", ["", pytest.param("stream = true", marks=pytest.mark.slow)], ids=["whole", "stream"])
def test_what_passes_or_is_mended_loses_no_row(tmp_path: Path, more: str) -> None:
    faults = sorted(PASSING | MENDED)
    with serving() as server:
        project = make_project(tmp_path, server, faults, more)
        for fault in faults:
            server.switch(fault, where=about(fault), first=1 if fault in PASSING else None)
        api.run(project, Quiet(), until="ask")
        struck = server.stats()["faults"]
    kept, rejected = outcome(project)
    assert rejected == {}
    assert kept == dict.fromkeys(["a_sound_one", *faults], QUESTIONS)
    assert set(struck) == set(faults)


def test_what_cannot_be_used_is_rejected_with_its_reason(tmp_path: Path) -> None:
    with serving() as server:
        project = make_project(tmp_path, server, list(REJECTED))
        for fault in REJECTED:
            server.switch(fault, where=about(fault))
        api.run(project, Quiet(), until="ask")
    kept, rejected = outcome(project)
    assert {fault: kept[fault] + rejected[fault].total() for fault in REJECTED} == dict.fromkeys(REJECTED, QUESTIONS)
    assert kept["a_sound_one"] == QUESTIONS
    found = {fault: set(rejected[fault]) for fault in REJECTED}
    assert {fault: reasons for fault, reasons in found.items() if not reasons <= REJECTED[fault]} == {}
    assert [fault for fault in REJECTED if not found[fault] and fault != "broken_text"] == []


def run_in_process(folder: Path) -> subprocess.CompletedProcess[str]:
    """`raftune run --until ask` in a project."""
    command = [sys.executable, "-m", "raftune", "run", "--until", "ask"]
    return subprocess.run(
        command,
        check=False,
        cwd=folder,
        env={**os.environ, "TEST_KEY": "sk-canary-1234"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "fault", [fault if fault == "wrong_key" else pytest.param(fault, marks=pytest.mark.slow) for fault in sorted(FINAL)]
)
def test_what_no_waiting_mends_ends_the_run_after_one_request(tmp_path: Path, fault: str) -> None:
    with serving(fault) as server:
        make_project(tmp_path, server, [f"place_{number}" for number in range(12)])
        done = run_in_process(tmp_path)
        assert len(server.requests) == 1
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "sk-canary-1234" not in done.stderr + done.stdout


def test_a_page_of_html_for_the_first_request_is_told_as_a_wrong_address(tmp_path: Path) -> None:
    with serving("html") as server:
        project = make_project(tmp_path, server, [])
        with pytest.raises(ProviderError, match="/v1"):
            api.run(project, Quiet(), until="ask")


def test_replies_that_were_paid_before_a_final_error_are_kept(tmp_path: Path) -> None:
    faults = [f"place_{number}" for number in range(8)]
    with serving(latency=0.05) as server:
        project = make_project(tmp_path, server, faults)
        server.switch("quota_exhausted", where=about("place_5"))
        with pytest.raises(ProviderError):
            api.run(project, Quiet(), until="ask")
        paid = server.stats()["paid"]
        server.heal()
        api.run(project, Quiet(), until="ask")
        assert server.stats()["paid"] == len(faults) + 1, paid
        assert server.stats()["repeated_paid"] == 0
    assert json.dumps(outcome(project)[0]) == json.dumps(dict.fromkeys(["a_sound_one", *faults], QUESTIONS))
