import json
from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.replication.arms import NAMES, Arm, arms_of
from raftune.replication.course import Course
from raftune.replication.replicate import (
    Tables,
    Wanted,
    benchmark_of,
    excerpt_of,
    replicate,
    settings_for,
)
from raftune.replication.rows import example_of
from raftune.replication.scoring import Scoring, metrics_of
from raftune.replication.trivial import TRIVIAL, reply, trivial_replies
from tests.replication.made import Nobody, make_given


def tables():
    """Two questions of the main slice and two of another; an arm was asked the former alone."""
    hotpot, given = benchmark_of("hotpotqa"), [make_given(n, "test") for n in range(4)]
    names = [*hotpot.main, *hotpot.main, "full-wiki, both", "full-wiki, both"]
    rows = [example_of(one, one.documents) for one in given]
    found = {one.answer.id: name for one, name in zip(given, names, strict=True)}
    course = Course({"": "word2"}, given=tuple(given), slices=found)
    scoring = Scoring(metrics_of(hotpot.metrics, course), rows, 0)
    marks = scoring.marks(trivial_replies(hotpot, course, rows), {})
    marks.add(scoring.marks([reply(row, "tuned", "<ANSWER>: word2") for row in rows], {}))
    marks.add(scoring.marks([reply(row, "P=1", "<ANSWER>: word2") for row in rows[:2]], {}))
    return Tables(hotpot, course, marks, rows, 0), names


def test_only_the_main_slices_are_in_the_main_table():
    found, names = tables()
    assert found.main()["systems"][TRIVIAL[0]]["exact_match_lenient"]["n"] == 2
    assert set(found.slices()) == set(names[2:])
    assert found.slices()["full-wiki, both"]["systems"][TRIVIAL[0]]["exact_match_lenient"]["value"] == 1.0


def test_an_arm_is_held_against_raft_on_what_it_was_asked():
    found, _ = tables()
    systems = found.ablations([Arm("P=1", {"P=1": "tuned"})])["systems"]
    assert {name: row["exact_match_lenient"]["n"] for name, row in systems.items()} == {"tuned": 2, "P=1": 2}
    assert {name: row["exact_match_lenient"]["failed"] for name, row in systems.items()} == {"tuned": 0, "P=1": 0}
    assert not found.ablations([])


def test_settings_are_those_of_the_benchmark_with_changes():
    settings = settings_for(benchmark_of("pubmedqa"), ["train.epochs=7", "assemble.distractors=1"])
    assert (settings.train.epochs, settings.assemble.distractors, settings.assemble.layout) == (7, 1, "clustered")
    assert benchmark_of("pubmedqa").settings["train"]["epochs"] != 7
    with pytest.raises(ConfigError, match=r"train\.epoch"):
        settings_for(benchmark_of("pubmedqa"), ["train.epoch=7"])


def test_a_benchmark_that_there_is_not():
    with pytest.raises(ConfigError, match="pubmedq"):
        benchmark_of("pubmedq")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pubmedqa", "hotpotqa", "apibench"])
def test_a_trial_trains_and_asks_all_systems_and_goes_on_where_it_was(tmp_path: Path, name: str):
    benchmark = benchmark_of(name)
    settings = settings_for(benchmark, ["train.epochs=1", "predict.max_tokens=24"])
    wanted = Wanted(name, excerpt_of(name), tmp_path / "work", benchmark.smoke, settings, arms_of(["reasoning"]))
    found = replicate(wanted, Nobody())
    assert list(found["systems"]) == [*TRIVIAL, *NAMES]
    assert set(found["ablations"]["systems"]) == {"tuned", "no reasoning"}
    assert found["systems"][TRIVIAL[0]]["format"]["value"] == 1.0
    assert {"train", "dsf", "predict"} <= set(found["seconds"])
    journal = (tmp_path / "work" / ".raftune" / "journal.jsonl").read_text(encoding="utf-8")
    again = replicate(wanted, Nobody())
    assert json.dumps(again, sort_keys=True) == json.dumps(found, sort_keys=True)
    made = [json.loads(line)["seconds"] for line in journal.splitlines()]
    after = (tmp_path / "work" / ".raftune" / "journal.jsonl").read_text(encoding="utf-8")
    now = [json.loads(line) for line in after.splitlines()]
    assert all(line["seconds"] is None for line in now[len(made) :])
