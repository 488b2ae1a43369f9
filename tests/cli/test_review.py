"""How far the review is, and files to decide in."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.cli.harbour import make_project, raftune

NAMED = ["--who", "ada"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "harbour")
    with (folder / "raftune.toml").open("a") as settings:
        settings.write("[verify]\nverifiers = []\n")
    raftune(folder, "run", "-q", "--until", "verify")
    return folder


def filled(path: Path, verdicts: list[dict[str, str]]) -> list[dict[str, str]]:
    """Writes cells into the rows of an exported file, as a spreadsheet would; gives all rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, cells in zip(rows, verdicts, strict=False):
        row.update(cells)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_a_round_through_a_spreadsheet(project: Path, tmp_path: Path) -> None:
    count = json.loads(raftune(project, "review", "--json"))["undecided"]
    assert count >= 4
    sheet = tmp_path / "answers.csv"
    assert raftune(project, "review", "--export", str(sheet)) == f"{sheet}: {count} answers\n"
    quote = "The fee for berth 1 in the northern harbour is 107 coins per day."
    verdicts = [
        {"verdict": "accept"},
        {"verdict": "edit", "edited_answer": "107 coins", "edited_quotes": quote},
        {"verdict": "reject", "reason": "=vague"},
    ]
    filled(sheet, verdicts)
    words = f"3 decisions added, 0 known, {count - 3} undecided\n"
    assert raftune(project, "review", "--import", str(sheet), *NAMED) == words
    log = (project / "decisions.jsonl").read_bytes()
    raftune(project, "review", "--import", str(sheet), *NAMED)
    assert (project / "decisions.jsonl").read_bytes() == log
    assert raftune(project, "review") == f"1 accepted, 1 edited, 1 rejected, {count - 3} undecided\n"
    raftune(project, "run", "-q", "--until", "review")
    approved = [json.loads(line) for line in raftune(project, "show", "review", "-n", "99", "--json").splitlines()]
    assert len(approved) == count - 1
    assert any(row["final"] == "107 coins" and row["author"].endswith("edited by ada") for row in approved)
    line = raftune(project, "review", "--export", str(tmp_path / "rest.jsonl"), "--undecided", "--json")
    assert json.loads(line)["rows"] == count - 3


def test_rows_that_cannot_be_taken_are_named_and_the_others_are_taken(project: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "answers.csv"
    raftune(project, "review", "--export", str(sheet))
    filled(sheet, [{"verdict": "accept"}, {"verdict": "ok"}, {"verdict": "edit", "edited_quotes": "invented"}])
    words = ["review", "--import", str(sheet), *NAMED, "--project", str(project)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "answers.csv line 3: the verdict 'ok' is none of accept, edit, reject, undo" in result.stderr
    assert "answers.csv line 4: the edited quote is not in the passage: 'invented'" in result.stderr
    assert "2 rows not taken." in result.stderr
    assert result.stdout.startswith("1 decision added, 0 known")


def test_decisions_about_answers_that_are_no_more_are_counted(project: Path) -> None:
    (project / "decisions.jsonl").write_text('{"answer": "gone", "verdict": "accept", "who": "ada", "when": "2026"}\n')
    assert raftune(project, "review").endswith("undecided; 1 decision about answers that are no more\n")


def test_a_reviewer_has_a_name(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = tmp_path / "answers.jsonl"
    raftune(project, "review", "--export", str(sheet))
    monkeypatch.delenv("RAFTUNE_REVIEWER", raising=False)
    with pytest.raises(ConfigError, match="needs the name"):
        raftune(project, "review", "--import", str(sheet))
    monkeypatch.setenv("RAFTUNE_REVIEWER", "ben")
    assert raftune(project, "review", "--import", str(sheet)).startswith("0 decisions added")


def test_exporting_and_importing_are_two_steps(project: Path) -> None:
    with pytest.raises(ConfigError, match="two steps"):
        raftune(project, "review", "--export", "a.csv", "--import", "a.csv")
