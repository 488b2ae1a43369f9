"""raftune ui prints a link that lets a browser in, and ends when it is told to."""

from pathlib import Path

import httpx

from tests.web.cockpits import Process


def test_the_link_lets_in_once(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text('name = "Empty"\n')
    process = Process(tmp_path)
    link = process.start()
    try:
        with httpx.Client(follow_redirects=True) as client:
            assert "Empty" in client.get(link).text
        assert httpx.get(link).status_code == 401
    finally:
        process.stop()
    assert process.process.returncode == 0


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from raftune.cli.main import app
    from raftune.errors import ConfigError

    assert isinstance(CliRunner().invoke(app, ["ui", "--project", str(tmp_path)]).exception, ConfigError)
