"""What a run will cost is said before it runs, and noted beside what it did cost."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune import api, planning, standing
from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.exporting.stored_project import make_project
from tests.servers.openai import serving

TEXT = "\n\n".join(
    f"## Rule {number}\n\nUnder rule {number} of harbour Alda, the fee for berth {number} is {100 + 7 * number} coins. "
    f"The office opens berth {number} at {5 + number % 6} in the morning, and closes it at nightfall. "
    f"Ships longer than {20 + number} metres announce their arrival at berth {number} in writing."
    for number in range(40)
)
SETTINGS = """\
[chunk]
splitter = "structure"
unit = "characters"
maximum = 400
minimum = 100
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
questions_per_chunk = 2
tokens_per_minute = 60000
"""


@pytest.fixture
def project(tmp_path: Path):
    with serving(count="o200k") as server:
        (tmp_path / "documents").mkdir()
        (tmp_path / "documents" / "rules.md").write_text(TEXT, encoding="utf-8")
        (tmp_path / "raftune.toml").write_text(SETTINGS.format(url=server.url))
        yield tmp_path


def raftune(project: Path, *words: str) -> str:
    return CliRunner().invoke(app, [*words, "--project", str(project)], catch_exceptions=False).output


def estimates(project: Path, *changes: str):
    opened = api.open_project(project, changes)
    planner = api.planned(opened)
    with planning.foresight(opened, planner.artifacts) as found:
        return found.estimates(planner.plans)


def test_before_the_passages_are_there_nothing_can_be_said(project: Path) -> None:
    assert estimates(project) == {"ask": None, "answer": None, "verify": None}
    output = raftune(project, "plan")
    assert "`raftune run --until chunk` is free" in output
    assert "together  not known yet" in output


@pytest.mark.parametrize("mode", ["combined", pytest.param("separate", marks=pytest.mark.slow)])
def test_after_a_sample_the_rest_is_known_within_a_tenth(project: Path, mode: str) -> None:
    change = ["--set", f"teacher.mode={mode}", "--set", "teacher.tokens_per_minute=1000000"]
    raftune(project, "run", "-q", "--until", "verify", "--sample", "12", *change)
    raftune(project, "run", "-q", "--until", "chunk", *change)
    plans = json.loads(raftune(project, "plan", "--json", *change))
    foreseen = [one["estimate"]["usage"] for one in plans if one.get("estimate")]
    before = standing.spent_by_stage(api.open_project(project))
    raftune(project, "run", "-q", "--until", "verify", *change)
    after = standing.spent_by_stage(api.open_project(project))
    for kind in ("requests", "prompt_tokens", "completion_tokens"):
        actual = sum(getattr(after[stage], kind) - getattr(before[stage], kind) for stage in after)
        assert sum(usage[kind] for usage in foreseen) == pytest.approx(actual, rel=0.1)


def test_a_quota_says_how_long_it_takes_at_least_and_the_ledger_costs_nothing(project: Path) -> None:
    raftune(project, "run", "-q", "--until", "chunk")
    found = estimates(project)
    assert found["ask"].usage.requests == 40
    assert found["ask"].minutes > 0.5
    assert found["answer"].by == "answered together with ask"
    assert found["ask"].dollars > 0
    quick = ["--set", "teacher.tokens_per_minute=1000000"]
    raftune(project, "run", "-q", "--until", "ask", *quick)
    assert "ask" not in estimates(project)
    assert estimates(project, "ask.gates=[]")["ask"].usage.requests == 0


def test_the_plan_fits_a_terminal_and_status_sets_estimate_beside_cost(project: Path) -> None:
    quick = ["--set", "teacher.tokens_per_minute=1000000"]
    raftune(project, "run", "-q", "--until", "chunk", *quick)
    output = raftune(project, "plan", *quick)
    assert max(map(len, output.splitlines())) <= 80
    assert "40 requests" in output
    assert "together  about $" in output
    raftune(project, "run", "-q", "--until", "ask", *quick)
    ask = next(line for line in raftune(project, "status").splitlines() if "the last run was to take 40" in line)
    assert "40 requests" in ask


def test_nobody_is_paid_where_no_endpoint_is_asked(project: Path) -> None:
    assert estimates(project, 'teacher.provider="extractive"', 'teacher.model="extractive"') == {}
    assert "verify" not in estimates(project, "verify.verifiers=[]")


def test_tuning_elsewhere_is_priced_by_the_rows_as_that_model_counts_them(tmp_path: Path) -> None:
    make_project(tmp_path, "[train]\nepochs = 3\n")
    found = planning.tuning_at(api.open_project(tmp_path), "gpt-4o-mini")
    assert (found.counter, found.epochs, found.hosting) == ("o200k", 3, 1.7)
    assert found.dollars == pytest.approx(found.tokens / 1000 * 0.0033 * 3)
    unknown = planning.tuning_at(api.open_project(tmp_path), "a-model-nobody-listed")
    assert (unknown.counter, unknown.dollars, unknown.hosting) == ("rule of thumb", None, None)
    output = raftune(tmp_path, "plan", "--tune-at", "gpt-4o-mini")
    assert f"tuning    gpt-4o-mini: {found.tokens:,} tokens (by o200k) x 3 epochs, " in output
    assert max(map(len, output.splitlines())) <= 80


def test_tuning_is_not_priced_before_there_are_rows(project: Path) -> None:
    with pytest.raises(ConfigError, match="has not been run yet"):
        planning.tuning_at(api.open_project(project), "gpt-4o-mini")


def test_grades_are_foreseen_once_there_are_examples(tmp_path: Path) -> None:
    examples = make_project(
        tmp_path,
        '[judge]\nmodel = "gpt-4o-mini"\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[grade]\nmetrics = ["faithfulness", "answer_relevancy", "answer_similarity", "answer_correctness"]\n',
    )
    opened = api.open_project(tmp_path)
    planner = api.planned(opened)
    artifacts = planner.artifacts | {"assemble": api.stored(opened, "assemble")}
    with planning.foresight(opened, artifacts) as found:
        assert found.asks("grade")
        estimate = found.estimate("grade")
    tested = [one for one in examples if one.split == "test" and one.behaviour == "answer"]
    languages = {one.language for one in tested}
    # Four an answer of two systems and one a reference; planted: nine answers and three references at most a language.
    graded = 9 * len(tested)
    assert estimate is not None
    assert graded < estimate.usage.requests <= graded + (2 * 9 + 3) * len(languages)
    assert estimate.dollars > 0
    with planning.foresight(opened, {}) as nothing:
        assert nothing.estimate("grade") is None


def test_replies_of_other_models_are_foreseen(tmp_path: Path) -> None:
    examples = make_project(
        tmp_path,
        '[predict]\nsystems = ["base", "rival", "rival:closed"]\n'
        '[models.rival]\nmodel = "gpt-4o-mini"\nbase_url = "http://127.0.0.1:9/v1"\n',
    )
    opened = api.open_project(tmp_path)
    artifacts = {"assemble": api.stored(opened, "assemble")}
    with planning.foresight(opened, artifacts) as found:
        assert found.asks("predict")
        estimate = found.estimate("predict")
    assert estimate is not None
    assert estimate.usage.requests == 2 * sum(one.split == "test" for one in examples)
    assert estimate.dollars > 0
    with planning.foresight(api.open_project(tmp_path, ['predict.systems=["base"]']), artifacts) as nothing:
        assert not nothing.asks("predict")
