"""--debug before a command writes a log into the project that the command opens."""

from pathlib import Path

from typer.testing import CliRunner

from raftune.cli.debug import Debugging
from raftune.cli.main import app
from raftune.errors import ConfigError


def called(debugging: Debugging, *words: str) -> int:
    try:
        return CliRunner().invoke(app, words, obj=debugging).exit_code
    finally:
        debugging.end()


def test_the_log_lies_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "raftune.toml").write_text("")
    debugging = Debugging()
    assert called(debugging, "--debug", "status", "-p", str(tmp_path)) == 0
    assert (tmp_path / ".raftune" / "debug.log").read_text().count("raftune ") == 1


def test_without_debug_or_without_a_project_nothing_is_written(tmp_path: Path) -> None:
    called(Debugging(), "--debug", "status", "-p", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "raftune.toml").write_text("")
    called(Debugging(), "status", "-p", str(tmp_path))
    assert not (tmp_path / ".raftune" / "debug.log").exists()


def test_errors_are_told_without_keys(capsys) -> None:
    debugging = Debugging()
    assert debugging.refuse(ConfigError("No http://me:hidden-word@h.", "Mend it.")) == 2
    assert debugging.fail(KeyError("http://me:hidden-word@h")) == 1
    told = capsys.readouterr().err
    assert "raftune: No http://***@h.\n         Mend it.\n" in told
    assert "hidden-word" not in told
