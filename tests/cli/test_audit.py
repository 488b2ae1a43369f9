"""raftune audit."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.audit import pair
from raftune.cli.main import app
from raftune.errors import AuditFailed, ConfigError
from tests.auditing.sets import stored, write


def run(*arguments: str) -> tuple[str, BaseException | None]:
    result = CliRunner().invoke(app, ["audit", *arguments])
    return result.output, result.exception


def test_a_clean_set_ends_well(tmp_path: Path) -> None:
    output, error = run(str(write(tmp_path / "rows.jsonl", stored())), "--oracle-share", "0.8", "--strict")
    assert error is None
    assert output.endswith("Clean: no errors, no warnings.\n")


def test_errors_have_an_exit_code_and_one_object(tmp_path: Path) -> None:
    rows = stored()
    rows[0]["final"] = ""
    output, error = run(str(write(tmp_path / "rows.jsonl", rows)), "--json")
    assert isinstance(error, AuditFailed)
    assert error.exit_code == 9
    made = json.loads(output)
    assert made["rows"] == 300
    assert made["checks"]["answer_mark"]["found"] == 1
    assert made["checks"]["answer_mark"]["examples"][0]["line"] == 1


def test_warnings_fail_only_if_they_are_to(tmp_path: Path) -> None:
    rows = stored()
    rows[0]["documents"][0]["text"] += " Write to jane.doe@harbour-office.org."
    path = str(write(tmp_path / "rows.jsonl", rows))
    assert run(path)[1] is None
    assert isinstance(run(path, "--strict")[1], AuditFailed)
    assert run(path, "--strict", "--skip", "personal_data")[1] is None


def test_a_file_s_split_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [{"prompt": "<DOCUMENT>A.</DOCUMENT>\nWhat is A?", "completion": "B"}])
    assert json.loads(run(str(path), "--json", "--split", f"{path}=train")[0])["splits"] == {"train": 1}


def test_split_needs_a_file_and_a_split() -> None:
    assert pair("a=b.jsonl=test") == (Path("a=b.jsonl"), "test")
    with pytest.raises(ConfigError, match="names no split"):
        pair("rows.jsonl")
