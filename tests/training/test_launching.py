import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from raftune.errors import TrainingError
from raftune.trainers.lora import plug
from raftune.training.launching import objects, read_job, write_job
from tests.tiny_model import save_tiny
from tests.trainers.test_lora import make_job

TWENTY = {"epochs": 10, "examples_per_step": 6, "sets_per_step": 2}
TWO = {"processes": 2, **TWENTY}
LONG = {**TWO, "epochs": 30}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A student, and what two processes make of it undisturbed."""
    folder = tmp_path_factory.mktemp("whole")
    student = save_tiny(folder / "tiny")
    return student, plug.train(make_job(folder, student, **LONG))


def weights_in(folder):
    from safetensors.torch import load_file

    return load_file(folder / "output" / "adapter" / "adapter_model.safetensors")


def far_apart(one, other):
    """The length of the difference of all weights against that of the first."""
    import torch

    first, second = (torch.cat([held[name].flatten() for name in sorted(one)]).double() for held in (one, other))
    return float((first - second).norm() / first.norm())


def test_a_job_is_read_as_it_was_written(tmp_path):
    job = make_job(tmp_path, tmp_path)
    write_job(job)
    assert read_job(job.work, job.progress, job.track) == job


def test_other_lines_than_objects_are_passed_over():
    assert list(objects([b"W1123 warning\n", b'{"progress": [1]}\n', b"3\n", b"\xff\n"])) == [{"progress": [1]}]


@pytest.mark.slow
def test_two_processes_train_what_one_does(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    said = []
    alone = plug.train(make_job(tmp_path / "one", student, **TWENTY))
    both = plug.train(make_job(tmp_path / "two", student, lambda *words: said.append(words), **TWO))
    assert [done for done, _, _ in said] == list(range(1, 21))
    assert (both.steps, both.epochs) == (alone.steps, alone.epochs)
    assert both.validation_loss == pytest.approx(alone.validation_loss, abs=2e-6)
    assert far_apart(weights_in(tmp_path / "one"), weights_in(tmp_path / "two")) < 1e-5
    lines = [(tmp_path / name / "output" / "metrics.csv").read_text().splitlines() for name in ("one", "two")]
    assert len(lines[0]) == len(lines[1]) == 21


@pytest.mark.slow
def test_what_a_process_says_on_failing_is_passed_on(tmp_path):
    job = make_job(tmp_path, save_tiny(tmp_path / "tiny"), **TWO, targets=["nothing"])
    with pytest.raises(TrainingError, match="no layer nothing"):
        plug.train(job)


def processes_of(work):
    """The ids of the processes of the job in a work folder, whoever their parent is now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if str(work).encode() in words and b"raftune.training.worker" in words:
                found.append(int(path.parent.name))
    return found


@pytest.mark.slow
def test_a_stopped_run_leaves_no_process_and_goes_on(tmp_path, whole):
    student, expected = whole

    def stop(done, _total, _words):
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plug.train(make_job(tmp_path / "parts", student, stop, **LONG))
    assert not processes_of(tmp_path / "parts" / "work")
    said = []
    resumed = plug.train(make_job(tmp_path / "parts", student, lambda *words: said.append(words), **LONG))
    assert said[0][0] >= 7
    assert resumed == expected


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["parent", "worker"])
def test_a_killed_process_ends_the_others_and_the_run_goes_on(tmp_path, whole, whom):
    student, expected = whole
    code = (
        "import sys; from pathlib import Path; from tests.trainers.test_lora import make_job, plug\n"
        "from tests.training.test_launching import LONG\n"
        "say = lambda done, *_: print(done, flush=True)\n"
        "plug.train(make_job(Path(sys.argv[1]), sys.argv[2], say, **LONG))"
    )
    home = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "parts"), str(student)],
        cwd=home, env={**os.environ, "PYTHONPATH": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(5):
        parent.stdout.readline()
    work = tmp_path / "parts" / "work"
    assert len(processes_of(work)) == 3
    if whom == "parent":
        parent.kill()
    else:
        os.kill(max(processes_of(work)), signal.SIGKILL)
    _, errors = parent.communicate(timeout=120)
    assert parent.returncode != 0
    if whom == "worker":
        assert b"TrainingError" in errors
    until = time.monotonic() + 60
    while processes_of(work):
        assert time.monotonic() < until, "a process outlived its parent"
        time.sleep(0.5)
    assert plug.train(make_job(tmp_path / "parts", student, **LONG)) == expected


@pytest.mark.slow
def test_divided_weights_train_what_one_process_does_and_open_again(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    plug.train(make_job(tmp_path / "one", student, **TWENTY))
    plug.train(make_job(tmp_path / "two", student, **TWO, divide_weights=True))
    assert far_apart(weights_in(tmp_path / "one"), weights_in(tmp_path / "two")) < 1e-5
    folder = tmp_path / "two" / "output" / "adapter"
    assert json.loads((folder / "adapter_config.json").read_text())["r"] == 4
