import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.main import app
from raftune.errors import BoundsMissed, ConfigError
from raftune.render.page import summary
from tests.made_up import make_examples, make_predictions, make_report


def gate(folder: Path, *words: str) -> str:
    return CliRunner().invoke(app, ["gate", "-p", str(folder), *words], catch_exceptions=False).output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    examples = make_examples(12)
    predictions = make_predictions(examples, {"base": (0.2, False), "tuned": (0.8, True)})
    report = make_report(tmp_path, predictions, examples)
    (tmp_path / "report.json").write_text(json.dumps(summary(report, {})), encoding="utf-8")
    return tmp_path


def test_bounds_that_are_kept_end_well(project: Path) -> None:
    lines = gate(project, "--least", "format=0", "--most", "over_refusal=1").splitlines()
    assert [line.split()[:2] for line in lines] == [["kept", "format"], ["kept", "over_refusal"]]
    facts = json.loads(gate(project, "--least", "format=0", "--json"))
    assert facts[0].items() >= {"metric": "format", "side": "least", "value": 0.0, "kept": True}.items()


def test_a_missed_bound_has_an_exit_code(project: Path) -> None:
    with pytest.raises(BoundsMissed, match="1 of 2 bounds"):
        gate(project, "--most", "format=0", "--least", "format=0")
    assert BoundsMissed.exit_code == 10


def test_without_bounds_there_is_nothing_to_hold(project: Path) -> None:
    with pytest.raises(ConfigError, match="no bound"):
        gate(project)
