"""The doctor works without a project; with one it asks each role."""

import json
from pathlib import Path

from typer.testing import CliRunner

from raftune.cli.doctor import lines_of
from raftune.cli.layout import width
from raftune.cli.main import app
from raftune.examining.check import Check
from raftune.examining.examine import Examination
from tests.cli.harbour import make_project, raftune
from tests.servers.openai import serving

TEACHER = '[teacher]\nprovider = "openai"\nmodel = "test-teacher"\nbase_url = "{}"\n'


def with_teacher(folder: Path, url: str) -> Path:
    (folder / "documents").mkdir()
    (folder / "raftune.toml").write_text(TEACHER.format(url))
    return folder


def test_without_a_project_the_machine_is_checked(tmp_path) -> None:
    output = CliRunner().invoke(app, ["doctor", "--project", str(tmp_path)], catch_exceptions=False).output
    assert "GB free on disk" in output
    assert "no project here" in output
    assert "✓ reads     CSV, DOCX" in output


def test_what_is_wrong_with_a_file_is_said(tmp_path) -> None:
    folder = make_project(tmp_path / "harbour")
    raftune(folder, "ingest", "-q")
    assert "broken.pdf: damaged" in raftune(folder, "doctor")


def test_each_role_is_asked_and_the_cost_is_told(tmp_path) -> None:
    with serving(text='{"number": 7}') as server:
        folder = with_teacher(tmp_path, server.url)
        done = CliRunner().invoke(app, ["doctor", "--project", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "teacher\n  ✓ address" in done.output
    assert "asked 2 requests" in done.output
    assert max(map(width, done.output.splitlines())) <= 80


def test_offline_nobody_is_asked(tmp_path) -> None:
    with serving() as server:
        folder = with_teacher(tmp_path, server.url)
        done = CliRunner().invoke(app, ["doctor", "--offline", "--project", str(folder)], catch_exceptions=False)
        assert server.stats()["requests"] == 0
    assert "not asked: --offline" in done.output


def test_a_role_that_fails_is_exit_code_4_in_json_too(tmp_path) -> None:
    folder = with_teacher(tmp_path, "http://127.0.0.1:9/v1")
    (folder / "documents" / "fees.md").write_text("# Fees\n\nTwelve coins a day.\n")
    done = CliRunner().invoke(app, ["doctor", "--json", "--project", str(folder)], catch_exceptions=False)
    told = json.loads(done.output)
    assert done.exit_code == told["exit_code"] == 4
    assert [check for check in told["checks"] if check["state"] == "fail"] == [
        {
            "role": "teacher",
            "name": "address",
            "state": "fail",
            "words": "127.0.0.1:9 refuses connections",
            "advice": "Start the server, or correct the port in base_url.",
        }
    ]


def test_settings_that_are_wrong_are_exit_code_2(tmp_path) -> None:
    (tmp_path / "raftune.toml").write_text("[teacher]\nmodle = 1\n")
    done = CliRunner().invoke(app, ["doctor", "--project", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 2
    assert "Did you mean teacher.mode?" in done.output


def test_a_folder_that_is_not_there_is_told(tmp_path) -> None:
    assert CliRunner().invoke(app, ["doctor", "--project", str(tmp_path / "none")]).exit_code == 1


def test_lines_keep_to_80_columns_whatever_is_said() -> None:
    checks = [
        Check("teacher, judge", name, "warn", "항만 사무소는 사용료를 " * 12, "https://host/" + "long/" * 5)
        for name in ("reply", "documents", "a-long-name-of-a-check")
    ]
    lines = list(lines_of(Examination(checks)))
    assert max(map(width, lines)) <= 80
    assert lines[-1] == "3 warnings"
