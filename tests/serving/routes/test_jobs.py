"""Tuning by the unmodified openai SDK: files, job, events, checkpoints, result file, and the model at the end."""

import asyncio
import csv
import io
from pathlib import Path

import openai
import pytest
from openai.types import FileObject, Model
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint

from tests.serving.conforming import conforms
from tests.serving.running import BASE
from tests.serving.tuning import finished, rows, started, tuning, upload

SECOND = [{"role": "user", "content": "What was the rate?"}]


def test_the_whole_way(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        validation = upload(client, rows(1, 4), "validation.jsonl")
        job = finished(client, started(client, 2, validation_file=validation, suffix="ports", metadata={"by": "me"}))
        conforms(job, FineTuningJob)
        assert job.status == "succeeded", job.error
        name = job.fine_tuned_model
        assert name == f"ft:{BASE}:harbour:ports:{job.id[-8:]}"
        assert (job.metadata, job.seed, job.hyperparameters.n_epochs) == ({"by": "me"}, 3, 2)
        assert job.trained_tokens > 1000
        assert job.finished_at >= job.created_at

        events = client.fine_tuning.jobs.list_events(job.id, limit=100).data
        for event in events:
            conforms(event, FineTuningJobEvent)
        messages = [event.message for event in events][::-1]
        assert messages[0].startswith("Created fine-tuning job")
        assert messages[-1] == "The job has successfully completed"
        steps = [event.data["step"] for event in events[::-1] if event.type == "metrics"]
        assert steps == list(range(1, 1 + len(steps)))

        checkpoints = client.fine_tuning.jobs.checkpoints.list(job.id).data
        for checkpoint in checkpoints:
            conforms(checkpoint, FineTuningJobCheckpoint)
        assert [one.step_number for one in checkpoints] == [len(steps), len(steps) // 2]
        assert all(one.metrics.full_valid_loss > 0 for one in checkpoints)

        lines = list(csv.DictReader(io.StringIO(client.files.content(job.result_files[0]).text)))
        assert [int(line["step"]) for line in lines] == steps
        assert float(lines[-1]["full_valid_loss"]) == pytest.approx(checkpoints[0].metrics.full_valid_loss, abs=1e-5)
        assert client.files.retrieve(job.result_files[0]).purpose == "fine-tune-results"

        for model in (name, checkpoints[-1].fine_tuned_model_checkpoint):
            assert client.chat.completions.create(model=model, messages=SECOND).model == model
        names = {model.id for model in client.models.list()}
        assert {name, BASE, *(one.fine_tuned_model_checkpoint for one in checkpoints)} <= names
        conforms(client.models.retrieve(name), Model)

        assert client.models.delete(name).deleted
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(model=name, messages=SECOND)
        with pytest.raises(openai.PermissionDeniedError):
            client.models.delete(BASE)


def test_a_tuned_model_is_tuned_further_and_is_there_after_a_restart(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        first = finished(client, started(client))
        second = finished(client, started(client, model=first.fine_tuned_model, suffix="more"))
        assert second.status == "succeeded", second.error
    with tuning(tmp_path) as up, up.client() as client:
        for job in (first, second):
            assert client.fine_tuning.jobs.retrieve(job.id) == job
            assert client.chat.completions.create(model=job.fine_tuned_model, messages=SECOND).model


def test_a_job_is_paused_resumed_and_another_cancelled(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        job = started(client, 12)
        finished(client, job, ("running",))
        waiting = started(client)
        assert client.fine_tuning.jobs.cancel(waiting).status == "cancelled"
        assert client.fine_tuning.jobs.pause(job).status == "paused"
        with pytest.raises(openai.BadRequestError) as caught:
            client.fine_tuning.jobs.pause(job)
        assert caught.value.code == "invalid_job_status"
        with pytest.raises(openai.BadRequestError, match="cancelled"):
            client.fine_tuning.jobs.resume(waiting)
        assert client.fine_tuning.jobs.resume(job).status == "queued"
        done = finished(client, job)
        assert done.status == "succeeded", done.error
        steps = [e.data["step"] for e in client.fine_tuning.jobs.list_events(job, limit=100) if e.type == "metrics"]
        assert len(steps) == len(set(steps))


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (rows(1, 3), "invalid_n_examples", "at least 10"),
        (b"nothing\n" * 12, "invalid_training_file", "not JSON"),
        (rows(3, 4).replace(b'"role": "user"', b'"role": "boss"', 1), "invalid_training_file", "line 1"),
        (rows(3, 4).replace(b"percent", b"percent " * 3000, 1), "invalid_training_file", "line 1"),
    ],
    ids=["few", "no json", "role", "long"],
)
def test_files_that_cannot_be_learned_fail_the_job(tmp_path: Path, content: bytes, code: str, words: str) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        job = finished(client, started(client, training_file=upload(client, content)), ("failed",))
        conforms(job, FineTuningJob)
        assert (job.error.code, job.error.param) == (code, "training_file")
        assert words in job.error.message


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        file = upload(client)
        refused = {
            "model": {"model": "gpt-9", "training_file": file},
            "training_file": {"model": BASE, "training_file": "file-../../etc/passwd"},
            "suffix": {"model": BASE, "training_file": file, "suffix": "../x"},
            "method.supervised.hyperparameters.n_epochs": {
                "model": BASE,
                "training_file": file,
                "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 0}}},
            },
            "integrations": {"model": BASE, "training_file": file, "integrations": [{"type": "wandb", "wandb": {}}]},
        }
        for param, given in refused.items():
            with pytest.raises((openai.BadRequestError, openai.NotFoundError)) as caught:
                client.fine_tuning.jobs.create(**given)
            assert caught.value.param.startswith(param.split(".")[0]), param
        with pytest.raises(openai.NotFoundError):
            client.fine_tuning.jobs.retrieve("ftjob-000000000000000000000000")
        assert client.fine_tuning.jobs.list().data == []


def test_lists_come_in_pages_and_azure_s_fields_are_noted(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        made = [started(client, extra_body={"trainingType": "Standard"}) for _ in range(3)]
        for job in made:
            client.fine_tuning.jobs.cancel(job)
        pages = client.fine_tuning.jobs.list(limit=2)
        assert pages.has_more
        found = [job.id for job in pages]
        assert sorted(found) == sorted(made)
        assert client.fine_tuning.jobs.retrieve(made[0]).to_dict()["trainingType"] == "Standard"


def test_the_same_by_the_asynchronous_client(tmp_path: Path) -> None:
    async def all_of_it(opened: openai.AsyncOpenAI) -> FineTuningJob:
        async with opened as client:
            return await tuned(client)

    async def tuned(client: openai.AsyncOpenAI) -> FineTuningJob:
        file = await client.files.create(file=("train.jsonl", rows(3, 4)), purpose="fine-tune")
        conforms(file, FileObject)
        job = await client.fine_tuning.jobs.create(
            model=BASE, training_file=file.id, hyperparameters={"n_epochs": 1, "learning_rate_multiplier": 0.5}
        )
        while (job := await client.fine_tuning.jobs.retrieve(job.id)).status not in ("succeeded", "failed"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return job

    with tuning(tmp_path) as up:
        job = asyncio.run(all_of_it(up.async_client()))
    assert job.status == "succeeded", job.error
    assert job.hyperparameters.learning_rate_multiplier == 0.5
