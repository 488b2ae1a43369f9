"""The doctor works without a project."""

from typer.testing import CliRunner

from raftune.cli.main import app
from tests.cli.harbour import make_project, raftune


def test_without_a_project_the_machine_is_checked(tmp_path) -> None:
    output = CliRunner().invoke(app, ["doctor", "--project", str(tmp_path)], catch_exceptions=False).output
    assert "GB free on disk" in output
    assert "no project here" in output
    assert "reads     CSV, DOCX" in output


def test_what_is_wrong_with_a_file_is_said(tmp_path) -> None:
    folder = make_project(tmp_path / "harbour")
    raftune(folder, "ingest", "-q")
    assert "broken.pdf: damaged. " in raftune(folder, "doctor")
