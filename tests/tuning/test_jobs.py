"""The journal of jobs: nothing illegal, nothing lost, whatever was asked and wherever it was cut."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.tuning.hyperparameters import Hyperparameters
from raftune.tuning.jobs import ENDED, FOLLOWS, FORM, Illegal, Jobs


def new(jobs, **fields):
    given = {"model": "m", "training_file": "f", "hyperparameters": Hyperparameters(), "seed": 0}
    return jobs.create(**{**given, **fields})


@given(st.lists(st.sampled_from([*FOLLOWS, "tell", "keep", "restart"]), max_size=12))
def test_no_illegal_status_and_events_only_grow(asked):
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(Path(folder))
        name = new(jobs).id
        for what in asked:
            before, events = jobs.find(name), jobs.events(name)
            if what == "restart":
                jobs = Jobs(Path(folder))
                assert (jobs.find(name), jobs.events(name)) == (before, events)
            elif what == "tell":
                jobs.tell(name, "step", data={"step": 1})
            elif what == "keep":
                jobs.keep(name, 1, "m", {"train_loss": 1.0})
            elif what in FOLLOWS[before.status]:
                assert jobs.change(name, status=what).status == what
            else:
                with pytest.raises(Illegal):
                    jobs.change(name, status=what)
            assert jobs.events(name)[-len(events) :] == events
            assert before.status not in ENDED or jobs.find(name).status == before.status


def test_a_line_that_was_cut_short_is_taken_out(tmp_path):
    jobs = Jobs(tmp_path)
    name = new(jobs, metadata={"a": "ㄱ"}).id
    jobs.change(name, status="queued")
    path = tmp_path / name / "log.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"change": {"status": "runn')
    again = Jobs(tmp_path)
    assert again.find(name).status == "queued"
    assert path.read_bytes() == whole
    assert again.find(name).metadata == {"a": "ㄱ"}


def test_a_job_that_was_never_whole_is_none(tmp_path):
    (tmp_path / "ftjob-1").mkdir()
    (tmp_path / "ftjob-1" / "log.jsonl").write_bytes(b'{"job": {"id"')
    assert Jobs(tmp_path).all() == []


def test_the_oldest_is_the_next(tmp_path):
    jobs = Jobs(tmp_path)
    first, second, third = (new(jobs).id for _ in range(3))
    jobs.change(second, status="cancelled")
    assert {job.id for job in jobs.waiting()} == {first, third}
    assert jobs.find("ftjob-unknown") is None


def test_jobs_of_one_second_wait_in_their_order(tmp_path):
    jobs = Jobs(tmp_path)
    names = [new(jobs).id for _ in range(8)]
    assert [job.id for job in jobs.all()[::-1]] == names
    assert [job.id for job in Jobs(tmp_path).waiting()] == names
    assert all(FORM.fullmatch(name) for name in names)
