"""Help is there, errors become one line with an exit code of their group."""

import subprocess
import sys

import pytest

from raftune.cli import main as command
from raftune.errors import OverBudget


def raftune(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "raftune", *words], capture_output=True, text=True, check=False)


def test_help_names_every_command() -> None:
    output = raftune("--help").stdout
    for name in ("init", "plan", "run", "status", "show", "chat", "doctor"):
        assert f"  {name}" in output


def test_an_error_is_two_lines_without_a_traceback(tmp_path) -> None:
    result = raftune("plan", "--project", str(tmp_path))
    assert result.returncode == 2
    assert result.stderr.startswith("raftune: There is no raftune.toml")
    assert "raftune init" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_exit_code_is_the_groups(monkeypatch, capsys) -> None:
    def spend(**_: object) -> None:
        raise OverBudget("The budget is spent.", "Raise it.")

    monkeypatch.setattr(command, "app", spend)
    with pytest.raises(SystemExit) as caught:
        command.main()
    assert caught.value.code == 5
    assert capsys.readouterr().err == "raftune: The budget is spent.\n         Raise it.\n"


def test_a_polite_kill_is_as_control_c() -> None:
    killed = "main.app = lambda **_: os.kill(os.getpid(), signal.SIGTERM)"
    code = f"import os, signal; from raftune.cli import main; {killed}; main.main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 130
    assert "Nothing is lost" in result.stderr


def test_control_c_says_how_to_go_on(monkeypatch, capsys) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "app", interrupt)
    with pytest.raises(SystemExit) as caught:
        command.main()
    assert caught.value.code == 130
    assert "run the same command again" in capsys.readouterr().err


def test_what_nobody_expected_is_one_sentence_and_exit_code_1(monkeypatch, capsys) -> None:
    def crash(**_: object) -> None:
        raise KeyError("http://me:hidden-word@host/v1")

    monkeypatch.setattr(command, "app", crash)
    with pytest.raises(SystemExit) as caught:
        command.main()
    told = capsys.readouterr().err
    assert caught.value.code == 1
    assert "Run again with --debug" in told
    assert "hidden-word" not in told
    assert "Traceback" not in told
