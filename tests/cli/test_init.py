"""A new project can be planned at once and is never overwritten."""

import pytest
from typer.testing import CliRunner

from raftune import api
from raftune.cli.main import app
from raftune.errors import ConfigError


def test_a_new_project_is_valid(tmp_path) -> None:
    result = CliRunner().invoke(app, ["init", str(tmp_path / "bank")])
    assert result.exit_code == 0
    assert api.open_project(tmp_path / "bank").settings.name == "bank"
    assert (tmp_path / "bank" / "documents").is_dir()
    assert (tmp_path / "bank" / ".gitignore").read_text().split() == [".env", ".raftune/"]


def test_what_git_ignores_already_stays(tmp_path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    CliRunner().invoke(app, ["init", str(tmp_path)])
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_a_project_is_not_overwritten(tmp_path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="is there already"):
        CliRunner().invoke(app, ["init", str(tmp_path)], catch_exceptions=False)
