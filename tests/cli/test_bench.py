import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from raftune.cli.bench import sizes_of
from raftune.cli.main import app
from raftune.replication import replicate
from raftune.replication.arms import arms_of
from raftune.replication.course import Sizes
from tests.replication.found import make_found


def bench(*words: str) -> str:
    return CliRunner().invoke(app, ["bench", *words], catch_exceptions=False).output


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[replicate.Wanted]:
    found: list[replicate.Wanted] = []

    def noted(wanted: replicate.Wanted, watcher: object) -> dict:
        found.append(wanted)
        return make_found()

    monkeypatch.setattr(replicate, "replicate", noted)
    return found


def test_without_data_it_is_a_trial_on_the_excerpt(asked: list[replicate.Wanted]) -> None:
    assert "HotpotQA" in bench("hotpotqa")
    assert asked[0].folder == replicate.excerpt_of("hotpotqa")
    assert asked[0].sizes == replicate.benchmark_of("hotpotqa").smoke
    assert asked[0].settings.train.epochs == 1
    assert asked[0].work == Path("bench-hotpotqa")


def test_what_is_said_is_what_is_run(asked: list[replicate.Wanted], tmp_path: Path) -> None:
    words = ["--data", str(tmp_path), "--rows", "5", "--questions", "6", "--student", "x y", "--set", "train.epochs=9"]
    found = json.loads(bench("pubmedqa", *words, "--ablate", "reasoning", "--plot", str(tmp_path / "p"), "--json"))
    assert found["benchmark"] == "hotpotqa"
    (one,) = asked
    assert (one.sizes.training, one.sizes.testing, one.sizes.characters) == (5, 6, 450)
    assert (one.settings.student.model, one.settings.train.epochs, one.arms) == ("x y", 9, arms_of(["reasoning"]))
    assert (tmp_path / "p" / "hotpotqa.json").exists()


def test_a_smoke_run_of_other_data_has_one_epoch(asked: list[replicate.Wanted], tmp_path: Path) -> None:
    bench("pubmedqa", "--smoke", "--data", str(tmp_path))
    assert asked[0].sizes == replicate.benchmark_of("pubmedqa").smoke
    assert asked[0].settings.train.epochs == 1


def test_sizes_by_name() -> None:
    benchmark = replicate.benchmark_of("pubmedqa")
    assert sizes_of(benchmark, 3, None, None, smoke=False) == Sizes(3, benchmark.sizes.testing, 450)
