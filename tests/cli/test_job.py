"""raftune job, against the service's own fine-tuning API."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.hosting.platform import LABEL
from tests.serving.running import TOKEN
from tests.serving.tuning import finished, started, tuning

SETTINGS = '[hosted]\nbase_url = "{url}/v1"\nkey_variable = "HARBOUR_TOKEN"\n'


def job(folder: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["job", *words, "-p", str(folder)], catch_exceptions=False).output


def test_jobs_are_listed_changed_and_their_checkpoints_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOUR_TOKEN", TOKEN)
    with tuning(tmp_path / "service") as up, up.client() as client:
        (tmp_path / "raftune.toml").write_text(SETTINGS.format(url=up.url))
        assert job(tmp_path, "ls") == ""
        name = started(client, 40, metadata={LABEL: "one"})
        finished(client, name, ("running",))
        assert job(tmp_path, "pause").startswith(f"{name}  paus")
        finished(client, name, ("paused",))
        assert "queued" in job(tmp_path, "resume", name)
        done = finished(client, name)
        lines = job(tmp_path, "ls").splitlines()
        assert len(lines) == 1
        assert lines[0].endswith(done.fine_tuned_model)
        assert json.loads(job(tmp_path, "ls", "--json"))[0]["id"] == name
        head, *rows = job(tmp_path, "checkpoints").splitlines()
        assert head.split() == ["step", "training", "validation", "model"]
        listed = json.loads(job(tmp_path, "checkpoints", "--json"))
        assert [row.split()[-1] for row in rows] == [one["fine_tuned_model_checkpoint"] for one in listed]
        other = started(client, 50, metadata={LABEL: "two"})
        assert job(tmp_path, "cancel").startswith(f"{other}  cancelled")
