"""What was asked and paid for, in 80 columns."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.layout import COLUMNS, width
from raftune.cli.ledger import HEAD, line_of, lines_of, shortened, totals
from raftune.cli.main import app
from raftune.errors import ConfigError
from raftune.ledger import Action, Ledger
from raftune.remembering.spending import Spending
from tests.cli.harbour import raftune

TIME = "2026-11-23T06:44:42+00:00"
REQUEST = {
    "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "항만?", "images": ["0a"]}]
}
REPLY = {"text": "73곳\n\x1b[2Jand \ud83d", "finish_reason": "stop", "prompt_tokens": 1234, "completion_tokens": 5}
ACTION = Action("0123456789abcdef", "chat", REQUEST, REPLY, "run", "answer", "gpt-4.1-mini", 1234, 5, 0.00123, TIME)
TABLE = """\
key      when (UTC)       kind      stage    model            in    out  dollars
01234567 2026-11-23 06:44 chat      answer   gpt-4…-mini    1234      5  $0.0012
01234567 2026-11-23 06:44 embedding -        -                 0      0  unknown
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "raftune.toml").write_text("")
    (tmp_path / ".raftune").mkdir()
    ledger = Ledger(tmp_path / ".raftune" / "ledger.sqlite")
    ledger.remember(ACTION, Action("9" * 32, "chat", {}, {"text": ""}, model="other", dollars=2.0))
    ledger.close()
    return tmp_path


def keys(project: Path, *words: str) -> list[str]:
    return [action["key"][:4] for action in json.loads(raftune(project, "ledger", "ls", "--json", *words))["actions"]]


def test_a_line_has_eighty_columns() -> None:
    vector = Action("0123456789", "embedding", {}, {}, time=TIME)
    assert "\n".join([HEAD, line_of(ACTION), line_of(vector), ""]) == TABLE
    assert {width(line) for line in TABLE.splitlines()} == {COLUMNS}


def test_actions_are_listed_with_their_totals(project: Path) -> None:
    lines = raftune(project, "ledger", "ls").splitlines()
    assert [line[:8] for line in lines[1:3]] == ["01234567", "99999999"]
    assert lines[3].startswith("total  2 actions (2 chat); 1,234 tokens in, 5 out; $2.00")
    assert keys(project) == ["0123", "9999"]
    assert keys(project, "--limit", "1") == ["9999"]
    assert keys(project, "--model", "gpt-4.1-mini") == ["0123"]
    assert keys(project, "--before", "2001-01-01") == []
    assert raftune(project, "ledger", "ls", "--kind", "batch").endswith("total  nothing\n")


def test_totals_say_what_is_not_known() -> None:
    sums = {"chat": Spending(2, 10, 5, 0.5, 1), "embedding": Spending(1000, 10, 0, 0.0, 0)}
    assert totals(sums) == (
        "1,002 actions (2 chat, 1,000 embedding); 20 tokens in, 5 out; $0.50, and 1 whose price is not known"
    )


def test_an_action_is_shown_for_reading(project: Path) -> None:
    text = raftune(project, "ledger", "show", "0123")
    assert "chat for answer" in text
    assert "\nsystem\n  Be brief.\n" in text
    assert "\nuser 1 picture\n  항만?\n" in text
    assert "\nreply (stop)\n  73곳\n  �[2Jand �\n" in text
    assert json.loads(raftune(project, "ledger", "show", "0123", "--json"))["result"] == REPLY


def test_other_kinds_are_shown_as_json_that_is_cut() -> None:
    vector = Action("k", "embedding", {"text": "항만"}, {"vector": "A" * 1000, "more": [1]})
    text = "\n".join(lines_of(vector))
    assert '"text": "항만"' in text
    assert "A… (1,000 characters)" in text
    assert shortened(["a", 1, None]) == ["a", 1, None]


def test_pruning_asks_first(project: Path) -> None:
    words = ["ledger", "prune", "--unusable", "--project", str(project)]
    asked = CliRunner().invoke(app, words, input="n\n", catch_exceptions=False).output
    assert "to forget: 1 action (1 chat); 0 tokens in, 0 out; $2.00" in asked
    assert asked.endswith("0 forgotten\n")
    assert CliRunner().invoke(app, words, input="y\n", catch_exceptions=False).output.endswith("1 forgotten\n")
    assert raftune(project, "ledger", "prune", "--unusable") == "to forget: nothing\n0 forgotten\n"
    assert keys(project) == ["0123"]


def test_pruning_by_a_program(project: Path) -> None:
    with pytest.raises(ConfigError, match="nobody can be asked"):
        raftune(project, "ledger", "prune", "--kind", "chat", "--json")
    with pytest.raises(ConfigError, match="The whole ledger"):
        raftune(project, "ledger", "prune", "--yes")
    found = json.loads(raftune(project, "ledger", "prune", "--kind", "chat", "--yes", "--json"))
    assert (found["forgotten"], found["dollars"]) == (2, pytest.approx(2.00123))
    assert keys(project) == []


def test_exported_replies_are_taken_as_recorded_ones(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    assert raftune(project, "ledger", "export", str(file)) == f"{file}: 2 replies\n"
    printed = CliRunner().invoke(app, ["ledger", "export", "--project", str(project)], catch_exceptions=False)
    assert printed.stdout_bytes == file.read_bytes()
    other = Ledger(tmp_path / "other.sqlite")
    assert other.import_file(file, "chat") == 2
    assert other.recall(ACTION.key) == REPLY
    other.close()
