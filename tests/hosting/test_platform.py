"""Jobs on a platform: made once whatever happens, followed to the end, refused in a sentence."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.errors import ProviderError, TrainingError
from raftune.hosting.platform import Platform
from raftune.ledger import Ledger
from tests.hosting.double import Double, standing
from tests.hosting.hosted_jobs import Known, job, platform, trainer


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def test_statuses_that_nobody_knows_are_waited_out(tmp_path, ledger):
    double = Double(("validating_files", "queued", "running", "pausing", "paused", "resuming", "running", "succeeded"))
    told = []
    with standing(double) as address:
        made = trainer(address, ledger).train(job(tmp_path, progress=lambda *words: told.append(words)))
    assert (made.steps, made.train_loss, made.validation_loss) == (2, 1.0, 1.25)
    assert [done for done, _, _ in told] == list(range(1, 9))
    (asked,) = double.jobs.values()
    assert (asked["seed"], asked["suffix"], asked["validation_file"]) == (7, "ours", "file-1")
    assert asked["hyperparameters"] == {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": 0.5}


def test_a_second_run_finds_files_and_job(tmp_path, ledger):
    double = Double()
    with standing(double) as address:
        first = trainer(address, ledger).train(job(tmp_path))
        again = trainer(address, ledger).train(job(tmp_path))
        other = Ledger(tmp_path / "lost.sqlite")  # the ledger was lost: labels at the platform are left
        third = trainer(address, other).train(job(tmp_path))
        other.close()
    assert first == again == third
    assert (len(double.files), len(double.jobs)) == (2, 1)


def test_other_rows_or_wishes_are_another_job(tmp_path, ledger):
    double = Double()
    with standing(double) as address:
        trainer(address, ledger).train(job(tmp_path))
        trainer(address, ledger, batch_size=4).train(job(tmp_path))
        trainer(address, ledger).train(job(tmp_path, sets=4))
    assert (len(double.files), len(double.jobs)) == (3, 3)


def test_a_failed_job_is_told_of_and_the_next_run_starts_another(tmp_path, ledger):
    double = Double(("queued", "running", "failed"))
    with standing(double) as address:
        with pytest.raises(TrainingError, match="row 3 is unsafe"):
            trainer(address, ledger).train(job(tmp_path))
        double.statuses = ("queued", "running", "failed")
        double.looked["ftjob-0"] = 9
        double.statuses = ("queued", "running", "succeeded")
        double.jobs["ftjob-0"]["status"] = "failed"
        double.statuses = ("failed",)
        with pytest.raises(TrainingError, match="have failed"):
            trainer(address, ledger).train(job(tmp_path))
    assert len(double.jobs) > 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, {"error": {"message": "Fine-tuning is closed for this organization.", "code": "closed"}}, "is closed"),
        (400, {"error": {"message": "gpt-tiny cannot be fine-tuned.", "code": "model_not_available"}}, "cannot be"),
        (404, {"error": {"message": "no such model", "code": "x"}}, "no such model"),
    ],
)
def test_a_platform_that_tunes_no_more_is_quoted_with_ways_out(tmp_path, ledger, status, body, words):
    double = Double(refusals={"POST jobs": [(status, body)]})
    with standing(double) as address, pytest.raises(TrainingError, match=words) as caught:
        trainer(address, ledger).train(job(tmp_path))
    assert "lora" in caught.value.advice
    assert "raftune serve" in caught.value.advice


def test_what_fails_by_chance_is_tried_again(tmp_path, ledger):
    busy = [(429, {"error": {"message": "slow down"}}), (503, {}), (409, {})]
    double = Double(refusals={"POST files": busy[:1], "POST jobs": list(busy), "GET ftjob-0": busy[1:2]})
    with standing(double) as address:
        trainer(address, ledger).train(job(tmp_path))
    assert len(double.jobs) == 1


def test_a_wrong_key_ends_at_once(tmp_path, ledger, monkeypatch):
    double = Double()
    with standing(double) as address:
        made = platform(address, ledger)
        made.endpoint.keys = Keys()
        monkeypatch.setenv("THE_KEY", "wrong-key-of-somebody")
        with pytest.raises(ProviderError, match="refuses the key"):
            trainer(address, ledger, platform=made).train(job(tmp_path))
    assert len(double.headers) == 1


def test_a_file_that_is_gone_is_uploaded_again(tmp_path, ledger):
    double = Double()
    with standing(double) as address:
        trainer(address, ledger).train(job(tmp_path))
        double.files.pop("file-0")
        double.files["file-x"] = {"id": "file-x", "filename": "other", "purpose": "fine-tune"}
        trainer(address, ledger).train(job(tmp_path))
    assert len(double.contents) == 3


@pytest.mark.slow
def test_kills_leave_one_job_and_one_upload_of_each_file(tmp_path):
    double = Double(("queued", *["running"] * 15, "succeeded"), slow_after=0.15)
    chance = random.Random(3)
    with standing(double) as address:
        command = [sys.executable, "-m", "tests.hosting.hosted_jobs", address, str(tmp_path / "run")]
        for _ in range(8):
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            before = len(double.headers)
            until = time.monotonic() + 30
            while len(double.headers) == before and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.6))
            process.kill()
            process.wait()
        subprocess.run(command, check=True)
    assert (len(double.contents), len(double.jobs)) == (2, 1)
    assert (Path(tmp_path) / "run" / "output" / "adapter" / "hosted.json").exists()


def test_a_key_goes_in_the_header_that_a_gateway_wants(tmp_path, ledger):
    double = Double(key_header="api-key")
    with standing(double) as address:
        with pytest.raises(ProviderError):
            trainer(address, ledger).train(job(tmp_path))
        named = Address(f"{address}/v1", "THE_KEY", header_variables={"api-key": "THE_KEY"}, seconds=20.0)
        by_header = Platform(Endpoint(named, Known()), ledger)
        assert trainer(address, ledger, platform=by_header).train(job(tmp_path)).steps == 2
    assert len(double.jobs) == 1
