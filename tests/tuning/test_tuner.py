"""How the tuner names and estimates; jobs at work are in tests/serving/routes/test_jobs.py."""

import asyncio
import time

from raftune.tuning.hyperparameters import Hyperparameters
from raftune.tuning.tuner import slug
from tests.serving.scripted import Scripted
from tests.serving.tuning import tuner_in


def job_of(tuner, **fields):
    given = {"model": tuner.base, "training_file": "f", "hyperparameters": Hyperparameters(), "seed": 0}
    return tuner.jobs.create(**given, **fields)


def test_a_slug_is_plain():
    assert slug("Central bank: Annual Report 2023") == "central-bank-annual-report-2023"
    assert slug("한국은행") == "local"


def test_names_hold_base_organization_suffix_and_id(tmp_path):
    tuner, _ = tuner_in(tmp_path, Scripted())
    job = job_of(tuner, suffix="x")
    assert tuner.model_name(job) == f"ft:{tuner.base}:harbour:x:{job.id[-8:]}"


def test_steps_that_are_done_again_are_told_once(tmp_path):
    tuner, _ = tuner_in(tmp_path, Scripted())
    job = job_of(tuner)
    for step in (1, 2, 2, 3):
        tuner.hear(job, {"figures": [step, {"train_loss": 1.0, "train_accuracy": 0.5}]})
    steps = [event.data["step"] for event in tuner.jobs.events(job.id) if event.data]
    assert steps == [3, 2, 1]


def test_the_end_is_estimated_from_the_steps_so_far(tmp_path):
    tuner, _ = tuner_in(tmp_path, Scripted())
    job = job_of(tuner)
    assert tuner.estimated(job, 5, 10) >= int(time.time())


def test_a_model_that_is_gone_from_disk_is_not_offered(tmp_path):
    tuner, catalogue = tuner_in(tmp_path, Scripted())
    job = job_of(tuner)
    for status in ("queued", "running", "succeeded"):
        tuner.jobs.change(job.id, status=status)
    tuner.jobs.change(job.id, fine_tuned_model="ft:gone")
    tuner.republish()
    assert "ft:gone" not in catalogue.served
    assert tuner.forget("ft:gone")
    assert not tuner.forget("ft:other")


def test_a_fault_ends_the_job_and_not_the_queue(tmp_path, monkeypatch):
    tuner, _ = tuner_in(tmp_path, Scripted())
    job = job_of(tuner)

    async def broken(_):
        raise ValueError("unexpected")

    monkeypatch.setattr(tuner, "validate", broken)
    asyncio.run(tuner.advance(job))
    ended = tuner.jobs.find(job.id)
    assert (ended.status, ended.error["code"]) == ("failed", "server_error")
