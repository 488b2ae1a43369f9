"""A small project, graded by a judge at an endpoint; a child that speaks as RAGAS's does asks the same judge."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from raftune import api
from raftune.crosscheck import Checked, crosscheck
from raftune.errors import ConfigError
from raftune.judging import ragas_process
from tests.chat_server import Fault, chat_server, completion
from tests.e2e.test_journey import CONFIG, rules, run
from tests.judging.scripted_judge import honest
from tests.tiny_model import save_tiny

JUDGED = """\
[verify]
verifiers = []
findable = 0
[judge]
model = "checker"
base_url = "{url}"
[grade]
metrics = ["faithfulness", "answer_similarity"]
planted = false
"""
PROJECT_METRICS = {"faithfulness", "answer_similarity"}


def judge(request: dict[str, Any]) -> Fault:
    """An honest judge for our prompts; yes to everything that the child asks."""
    messages = [SimpleNamespace(**message) for message in request["messages"]]
    if len(messages) == 1:
        return completion(request, '{"statements": [{"verdict": 1}]}')
    schema = request["response_format"]["json_schema"]["schema"]
    return completion(request, honest(SimpleNamespace(messages=messages, reply_schema=schema)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Project]:
    folder = tmp_path_factory.mktemp("checked")
    (folder / "documents").mkdir()
    (folder / "documents" / "rules.md").write_text(rules(0, 12), encoding="utf-8")
    save_tiny(folder / "student")
    with chat_server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ragas_process, "WORKER", Path(__file__).parent / "judging" / "fake_worker.py")
        patch.setenv("OPENAI_API_KEY", "key")
        server.script = judge
        (folder / "raftune.toml").write_text(CONFIG + JUDGED.format(url=server.url), encoding="utf-8")
        run(folder)
        yield api.open_project(folder)


def checked(project: api.Project, answers: int = 50) -> Checked:
    return crosscheck(project, sys.executable, answers)


def test_graded_answers_are_compared_and_nothing_is_paid_twice(project: api.Project) -> None:
    found = checked(project)
    assert (found.judge, found.version) == ("checker", "0.0")
    assert len(found.pairs) == 2 * found.answers > 4
    assert {one.metric for one in found.agreements} == PROJECT_METRICS
    assert found.requests == 2 * found.answers
    assert 0 < found.meter.usage.requests < found.requests  # the ledger knows prompts that the child gives twice
    assert checked(project).meter.usage.requests == 0


def test_fewer_answers_are_always_the_same_ones(project: api.Project) -> None:
    some = [pair.case for pair in checked(project, 2).pairs]
    assert len(some) == 2 * 2
    assert set(some) <= {pair.case for pair in checked(project).pairs}
    assert some == [pair.case for pair in checked(project, 2).pairs]


def test_grades_by_another_judge_are_not_compared(project: api.Project) -> None:
    other = api.open_project(project.folder, ["judge.model=other"])
    with pytest.raises(ConfigError, match="by checker, but other is named now"):
        checked(other)


def test_without_grades_there_is_nothing_to_compare(tmp_path: Path, project: api.Project) -> None:
    (tmp_path / "raftune.toml").write_text((project.folder / "raftune.toml").read_text(), encoding="utf-8")
    with pytest.raises(ConfigError, match="stage grade has not been run"):
        checked(api.open_project(tmp_path))
    changed = "grade.metrics=[]"
    run(project.folder, changed)
    with pytest.raises(ConfigError, match="No answer is graded"):
        checked(api.open_project(project.folder, [changed]))
    run(project.folder)
    assert checked(project).answers > 2
