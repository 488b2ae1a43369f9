import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from raftune.cli.crosscheck import WHY, facts, lines_of
from raftune.cli.main import app
from raftune.contracts import Outcome
from raftune.crosscheck import Checked
from raftune.errors import ConfigError
from raftune.judging.agreement import Cause, paired
from raftune.judging.grader import GRADED
from raftune.judging.ragas_process import Theirs
from raftune.meter import Meter
from tests.cli.harbour import make_project
from tests.judging.test_grader import CASE

ABSTAINING = replace(CASE, abstains=True, answer="I do not know.\x1b[2J")


def checked() -> Checked:
    cases = [CASE, CASE, replace(CASE, question="Who?"), ABSTAINING]
    ours = [dict.fromkeys(GRADED, Outcome(value)) for value in (0.1, 0.4, 0.8, 0.0)]
    theirs = [dict.fromkeys(GRADED, Theirs(value)) for value in (0.1, 0.4, 0.9, 0.3)]
    return Checked("gpt-5-mini\x1b[2J", "0.4.3", 4, 32, Meter(), tuple(paired(cases, ours, theirs)))


def test_every_cause_is_explained() -> None:
    assert set(WHY) == set(get_args(Cause)) - {""}


def test_each_metric_with_its_differences_in_80_columns() -> None:
    lines = list(lines_of(checked()))
    assert lines[0] == "RAGAS 0.4.3 beside our grades: 4 answers, judge gpt-5-mini[2J."
    assert lines[1] == "faithfulness         2 of 4 the same     correlation 0.920"
    assert lines[2].startswith("     1  abstention: ")
    assert sum(line.startswith(GRADED) for line in lines) == len(GRADED)
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "0 new requests to models, $0.00."


def test_each_difference_as_json() -> None:
    found = json.loads(json.dumps(facts(checked())))
    assert (found["ragas"], found["answers"], found["requests"]) == ("0.4.3", 4, 32)
    assert [one["metric"] for one in found["metrics"]] == list(GRADED)
    assert len(found["differences"]) == 2 * len(GRADED)
    first = found["differences"][0]
    assert (first["cause"], first["question"], first["ours"], first["ragas"]) == (
        "judge said otherwise",
        "Who?",
        0.8,
        0.9,
    )


def test_before_anything_is_graded(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    with pytest.raises(ConfigError, match="stage grade has not been run"):
        CliRunner().invoke(app, ["crosscheck", "-p", str(folder)], catch_exceptions=False)
