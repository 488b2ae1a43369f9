"""The doctor works without a project."""

from typer.testing import CliRunner

from raftune.cli.main import app


def test_without_a_project_the_machine_is_checked(tmp_path) -> None:
    output = CliRunner().invoke(app, ["doctor", "--project", str(tmp_path)], catch_exceptions=False).output
    assert "GB free on disk" in output
    assert "no project here" in output
