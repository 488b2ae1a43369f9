"""The parts of the cockpit follow the project's settings."""

import os
from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.web.cockpit import Cockpit


def test_settings_are_read_again_when_they_change(tmp_path: Path) -> None:
    path = tmp_path / "raftune.toml"
    path.write_text('name = "One"\n')
    cockpit = Cockpit(tmp_path, 1234, ("seed=7",))
    assert cockpit.project.settings.name == "One"
    assert cockpit.project.settings.seed == 7
    assert cockpit.project is cockpit.project
    path.write_text('name = "Two"\n')
    os.utime(path, (1, 1))
    assert cockpit.project.settings.name == "Two"
    path.write_text("nonsense = 1\n")
    os.utime(path, (2, 2))
    with pytest.raises(ConfigError):
        _ = cockpit.project


def test_what_it_keeps_lies_below_the_project(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    cockpit = Cockpit(tmp_path, 1234)
    assert cockpit.cookie == "raftune-ui-1234"
    assert cockpit.state.is_relative_to(tmp_path / ".raftune")
    assert cockpit.sessions is cockpit.sessions
    assert cockpit.runs.changes == ()
    cockpit.close()
