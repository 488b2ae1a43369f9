"""raftune merge, where it has something to say: what it writes is tested in tests/exporting."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.exporting.stored_project import make_project


def test_before_training_it_says_what_to_run(tmp_path: Path) -> None:
    make_project(tmp_path, "")
    with pytest.raises(ConfigError, match="train has not been run"):
        CliRunner().invoke(app, ["merge", "-p", str(tmp_path)], catch_exceptions=False)
