"""A stage that does not exist is named."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import ConfigError


def test_an_unknown_stage_is_named_with_those_there_are(tmp_path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="no stage 'anwser'") as caught:
        CliRunner().invoke(app, ["show", "anwser", "--project", str(tmp_path)], catch_exceptions=False)
    assert "answer" in caught.value.advice


def test_a_rows_page_is_written_as_an_image(tmp_path) -> None:
    (tmp_path / "documents").mkdir()
    example = Path(__file__).parents[2] / "examples" / "central-bank" / "documents" / "annual-report-2023.pdf"
    (tmp_path / "documents" / "report.pdf").write_bytes(example.read_bytes())
    (tmp_path / "documents" / "notes.md").write_text("The ferry to the northern harbour leaves at nine on weekdays.")
    (tmp_path / "raftune.toml").write_text("[chunk]\nmaximum = 5000\n")
    folder = ["--project", str(tmp_path)]
    CliRunner().invoke(app, ["run", "-q", "--until", "chunk", *folder], catch_exceptions=False)
    rows = CliRunner().invoke(app, ["show", "chunk", "-n", "999", "--json", *folder], catch_exceptions=False).output
    ids = {row["path"]: row["id"] for row in map(json.loads, rows.splitlines())}
    image = ["-n", "1", "--image", str(tmp_path / "page.png")]
    CliRunner().invoke(app, ["show", "chunk", ids["report.pdf"], *image, *folder], catch_exceptions=False)
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ConfigError, match="no PDF page"):
        CliRunner().invoke(app, ["show", "chunk", ids["notes.md"], *image, *folder], catch_exceptions=False)
