import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune import api
from raftune.cli.diff import line
from raftune.cli.main import app
from raftune.comparing import Change
from raftune.errors import ConfigError
from raftune.report_records import Difference
from tests.e2e.test_journey import CONFIG, rules, run
from tests.tiny_model import save_tiny


def diff(folder: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["diff", *words, "-p", str(folder)], catch_exceptions=False).output


def test_two_evaluations_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "rules.md").write_text(rules(0, 12), encoding="utf-8")
    (tmp_path / "raftune.toml").write_text(CONFIG, encoding="utf-8")
    save_tiny(tmp_path / "student")
    run(tmp_path)
    with pytest.raises(ConfigError, match="only one evaluation"):
        diff(tmp_path)
    run(tmp_path, "train.epochs=2")
    first, *lines = diff(tmp_path).splitlines()
    digests = [artifact.digest for artifact in api.history(api.open_project(tmp_path), "evaluate")]
    assert first == f"tuned: {digests[1][:12]} -> {digests[0][:12]}, in points of 100"
    assert lines
    assert max(map(len, lines)) <= 80
    facts = json.loads(diff(tmp_path, digests[0][:10], digests[1][:10], "--system", "base", "--json"))
    assert (facts["old"], facts["new"], facts["system"]) == (digests[0], digests[1], "base")
    assert {one["difference"]["value"] for one in facts["changes"]} == {0.0}
    assert diff(tmp_path, "--against", str(tmp_path)).splitlines()[0].count(digests[0][:12]) == 2


def test_a_line_has_at_most_80_columns() -> None:
    difference = Difference(metric="quote_from_distractor", value=-1.0, low=-1.0, high=-0.9, n=1234, clusters=9)
    text = line(Change("m", 1.0, 0.0, difference, "none"))
    assert text.startswith("quote_from_distractor ")
    assert len(text) <= 80
