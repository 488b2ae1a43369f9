"""A stage that does not exist is named."""

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError


def test_an_unknown_stage_is_named_with_those_there_are(tmp_path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="no stage 'anwser'") as caught:
        CliRunner().invoke(app, ["show", "anwser", "--project", str(tmp_path)], catch_exceptions=False)
    assert "answer" in caught.value.advice
