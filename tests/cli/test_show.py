"""A stage that does not exist is named."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError
from tests.cli.harbour import make_project, raftune


def test_an_unknown_stage_is_named_with_those_there_are(tmp_path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="no stage 'anwser'") as caught:
        CliRunner().invoke(app, ["show", "anwser", "--project", str(tmp_path)], catch_exceptions=False)
    assert "answer" in caught.value.advice


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("show") / "harbour")
    raftune(folder, "run", "-q", "--until", "answer")
    return folder


def test_a_rows_page_is_written_as_an_image(project: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in raftune(project, "show", "chunk", "-n", "999", "--json").splitlines()]
    ids = {row["path"]: row["id"] for row in rows}
    image = ["-n", "1", "--image", str(tmp_path / "page.png")]
    for stage in ("chunk", "ask", "answer"):
        raftune(project, "show", stage, "-n", "1", *image)
        assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
        (tmp_path / "page.png").unlink()
    with pytest.raises(ConfigError, match="no pages that can be drawn"):
        raftune(project, "show", "chunk", ids["항만 규정.md"], *image)
    with pytest.raises(ConfigError, match="stands on no passage"):
        raftune(project, "show", "ingest", *image)


def test_options_may_stand_in_front(project: Path) -> None:
    page = ["page", "fees", "1"]
    for words in (["answer", "-n", "1"], page):
        behind = raftune(project, "show", *words)
        front = CliRunner().invoke(app, ["show", "--project", str(project), *words], catch_exceptions=False).output
        assert front == behind


def test_help_names_the_ways_to_show() -> None:
    output = CliRunner().invoke(app, ["show", "--help"]).output
    for name in ("STAGE", "page", "chunk", "quote"):
        assert f"  {name}" in output
    assert "..." not in output.partition("Commands:")[2]
