"""kill -9 of the service in mid-job: the next one goes on, to the same adapter."""

import random
import shutil
import time
from pathlib import Path

import pytest

from tests.serving.tuning import apart, finished, rows, started, upload


def adapter(folder: Path, job: str) -> bytes:
    """The weights that a job made."""
    return (folder / "tuning" / "jobs" / job / "output" / "adapter" / "adapter_model.safetensors").read_bytes()


def steps(client, job: str) -> int:
    """How many steps were told of."""
    return sum(event.type == "metrics" for event in client.fine_tuning.jobs.list_events(job, limit=100))


@pytest.mark.slow
def test_a_killed_service_goes_on_to_the_same_adapter(tmp_path: Path) -> None:
    calm, wild = tmp_path / "calm", tmp_path / "wild"
    calm.mkdir()
    with apart(calm) as (_, client):
        file = upload(client, rows(6, 5))
        first = finished(client, started(client, 10, training_file=file)).id
        total = steps(client, first)
    shutil.copytree(calm / "student", wild / "student")
    job, seen = "", 0
    for kill in [*sorted(random.Random(4).sample(range(2, total - 1), 3)), None]:
        with apart(wild) as (process, client):
            job = job or started(client, 10, training_file=upload(client, rows(6, 5)))
            if kill is None:
                done = finished(client, job)
                assert done.status == "succeeded", done.error
                assert steps(client, job) == total
                continue
            while steps(client, job) < kill:
                assert client.fine_tuning.jobs.retrieve(job).status not in ("failed", "succeeded")
                time.sleep(0.02)
            process.kill()
            seen += 1
    assert seen == 3
    assert adapter(calm, first) == adapter(wild, job)
