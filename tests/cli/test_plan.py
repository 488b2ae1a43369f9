"""raftune plan, status, show, doctor and run on a project that needs no student."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.cli.plan import cost_words, total_words
from raftune.costs import Usage
from raftune.errors import ConfigError
from raftune.estimating.estimate import Estimate

TEXT = "\n\n".join(
    f"## Berth {number}\n\nThe fee for berth {number} in the northern harbour is {100 + 7 * number} coins per day."
    for number in range(12)
)
SETTINGS = """\
[chunk]
splitter = "structure"
unit = "characters"
maximum = 200
minimum = 60
[teacher]
reasoning = false
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "documents").mkdir()
    (folder / "documents" / "rules.md").write_text(TEXT, encoding="utf-8")
    (folder / "raftune.toml").write_text(SETTINGS)
    return folder


def raftune(project: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--project", str(project)], catch_exceptions=False)
    return result.output


def test_a_run_says_what_rules_mean_and_counts(project: Path) -> None:
    output = raftune(project, "run", "--until", "review")
    assert "No teacher is named, so rules write the questions" in output
    assert "chunk     12 rows" in output
    assert "12 new requests to models, $0.00." in output
    assert max(map(len, output.splitlines())) <= 110


def test_the_plan_names_what_is_stored_and_why_not(project: Path) -> None:
    raftune(project, "run", "-q", "--until", "review")
    output = raftune(project, "plan", "--set", "assemble.distractors=2")
    assert "review    stored     12 rows" in output
    assert "assemble  would run" in output
    plans = json.loads(raftune(project, "plan", "--json", "--set", "chunk.maximum=300"))
    assert {one["stage"]: one["why"] for one in plans}["chunk"] == ["config.maximum: 200 -> 300"]


def test_status_counts_rows_and_rejects(project: Path) -> None:
    raftune(project, "run", "-q", "--until", "review")
    assert "train     not run yet" in raftune(project, "status")
    rows = json.loads(raftune(project, "status", "--json"))
    assert rows[1]["rows"] == 12


def test_show_prints_rows_and_rejects(project: Path) -> None:
    raftune(project, "run", "-q", "--until", "review")
    assert "berth 0" in raftune(project, "show", "chunk", "-n", "1")
    row = json.loads(raftune(project, "show", "answer", "-n", "1", "--json"))
    assert json.loads(raftune(project, "show", "answer", row["id"][:8], "--json")) == row
    assert raftune(project, "show", "answer", "--rejects") == ""
    with pytest.raises(ConfigError, match="has not been run yet"):
        raftune(project, "show", "train")


def test_doctor_looks_at_machine_and_project(project: Path) -> None:
    output = raftune(project, "doctor")
    assert "SQLite" in output
    assert "documents 1 file, 0 decisions" in output


def test_a_sample_is_a_run_of_its_own(project: Path) -> None:
    output = raftune(project, "run", "--sample", "4", "--until", "chunk")
    assert "chunk     4 rows" in output


def test_a_run_can_be_read_by_a_program(project: Path) -> None:
    result = json.loads(raftune(project, "run", "--json", "--until", "review"))
    assert result == {"verdict": None, "files": [], "requests": 0, "dollars": 0.0}


def test_what_a_stage_costs_fits_beside_its_name_also_where_it_is_much() -> None:
    much = Estimate(Usage(30_000, 38_200_000, 3_900_000), 61.02, 34.5, "by 200 earlier replies", 0.003)
    assert len(f"{'verify':<9} {'would run':<10} {cost_words(much)}") <= 80
    assert cost_words(Estimate(Usage(1, 950, 12), None)) == "1 request, 950 + 12 tokens, price not known"
    assert total_words([much, None]).splitlines() == [
        "together  about $61.02 and what is not known yet (replies' lengths by 200 earlier replies)",
        "          counted on 0.3 % of the passages, and scaled",
    ]
    assert total_words([Estimate(Usage(1, 2, 3), None, by="by rule of thumb")]).startswith("together  price not known")
