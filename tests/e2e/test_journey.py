"""The whole journey with rules as teacher and a tiny random student: what runs again, and what does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from raftune import api, consulting, standing
from raftune.artifact import Artifact
from raftune.cli.watch import Quiet
from raftune.ledger import Ledger
from tests.tiny_model import save_tiny

CONFIG = """\
name = "Harbour"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 200
minimum = 60
[teacher]
questions_per_chunk = 2
reasoning = false
[student]
model = "student"
[assemble]
distractors = 2
validation = 0.1
test = 0.3
[train]
epochs = 1
[predict]
max_tokens = 16
"""


class Recorder(Quiet):
    """Which stages ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def finished(self, stage: str, artifact: Artifact[Any], seconds: float | None) -> None:
        if seconds is not None:
            self.ran.append(stage)


def rules(first: int, last: int) -> str:
    return "\n\n".join(
        f"## Berth {number}\n\nThe fee for berth {number} in the northern harbour is {100 + 7 * number} coins per day."
        for number in range(first, last)
    )


def run(folder: Path, *changes: str) -> tuple[list[str], api.RunResult]:
    recorder = Recorder()
    return recorder.ran, api.run(api.open_project(folder, changes), recorder)


def asked(folder: Path) -> set[str]:
    """The teacher's requests in the ledger."""
    ledger = Ledger(folder / ".raftune" / "ledger.sqlite")
    found = {row["key"] for row in ledger.export("chat") if row["request"]["model"] == "extractive"}
    ledger.close()
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harbour")
    (folder / "documents").mkdir()
    (folder / "documents" / "rules.md").write_text(rules(0, 24), encoding="utf-8")
    (folder / "raftune.toml").write_text(CONFIG, encoding="utf-8")
    save_tiny(folder / "student")
    run(folder)
    return folder


def test_a_run_leaves_adapter_and_report(project: Path) -> None:
    numbers = json.loads((project / "report.json").read_text(encoding="utf-8"))
    assert numbers["verdict"]
    assert list(numbers["seconds"]) == [stage.name for stage in api.STAGES if stage.name != "dsf"]
    assert {"metric", "system", "value", "low", "high", "n", "failed"} <= set(numbers["metrics"][0])
    assert numbers["verdict"] in (project / "report.html").read_text(encoding="utf-8")
    adapter = api.stored(api.open_project(project), "train").file("adapter")
    assert (adapter / "adapter_model.safetensors").exists()


def test_a_second_run_runs_nothing(project: Path) -> None:
    ran, result = run(project)
    assert ran == []
    assert result.meter.usage.requests == 0


def test_the_plan_agrees_with_the_run(project: Path) -> None:
    assert {one.status for one in api.plan(api.open_project(project))} == {"stored"}
    changed = {one.stage: one for one in api.plan(api.open_project(project, ["assemble.distractors=1"]))}
    assert changed["review"].status == "stored"
    assert changed["assemble"].why == ("config.distractors: 2 -> 1",)
    assert changed["report"].status == "would run"


def test_another_k_runs_only_what_follows(project: Path) -> None:
    before = asked(project)
    ran, _ = run(project, "assemble.distractors=1")
    assert ran == ["assemble", "describe", "estimate", "train", "predict", "evaluate", "grade", "report"]
    assert asked(project) == before


def test_an_added_document_asks_only_about_its_own_passages(project: Path) -> None:
    before = asked(project)
    added = project / "documents" / "more.md"
    added.write_text(rules(100, 104), encoding="utf-8")
    recorder = Recorder()
    result = api.run(api.open_project(project), recorder, until="review")
    new_chunks = [row for row in api.stored(api.open_project(project), "chunk") if row.path == "more.md"]  # type: ignore[attr-defined]
    assert len(asked(project) - before) == result.meter.usage.requests == len(new_chunks) == 4
    added.unlink()


def test_fresh_asks_again(project: Path) -> None:
    recorder = Recorder()
    result = api.run(api.open_project(project), recorder, until="ask", fresh=["ask"])
    assert recorder.ran == ["ask"]
    assert result.meter.usage.requests == 24


def test_chat_answers_from_the_projects_passages(project: Path) -> None:
    with consulting.consulted(api.open_project(project)) as documents:
        shown, reply = documents.ask("What is the fee for berth 3?")
    assert "berth 3 " in shown[0].text
    assert len(shown) == 3
    assert reply.said


def test_status_says_where_it_stands(project: Path) -> None:
    opened = api.open_project(project)
    rows = {row["stage"]: row for row in standing.status(opened)}
    assert rows["chunk"]["rows"] == 24
