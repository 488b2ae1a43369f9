from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.hosting.double import KEY, Double, standing

SETTINGS = """
[hosted]
poll_seconds = 0.01
[hosted.deployment]
name = "bank"
subscription = "s"
resource_group = "g"
account = "a"
token_variable = "MANAGEMENT"
management = "{address}"
"""


def undeploy(folder: Path) -> str:
    return CliRunner().invoke(app, ["undeploy", "-p", str(folder)], catch_exceptions=False).output


def test_a_deployment_is_taken_down_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANAGEMENT", KEY)
    with standing(Double(deployments={"bank": {}})) as address:
        (tmp_path / "raftune.toml").write_text(SETTINGS.format(address=address))
        assert undeploy(tmp_path) == "bank is taken down.\n"
        assert undeploy(tmp_path) == "bank is not there.\n"


def test_without_a_deployment_there_is_nothing_to_take_down(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="No deployment"):
        undeploy(tmp_path)
