"""Starts a training job in several processes by torchrun, and passes on what they say."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO

from raftune.contracts import Progress, Track, TrainingJob
from raftune.digest import Json
from raftune.errors import TrainingError
from raftune.records import Conversation, Example, TrainedModel
from raftune.training.options import LoraOptions

JOB, LOG = "job.json", "processes.log"
WORKER = "raftune.training.worker"
PATIENCE = 20.0
ROWS = ("training", "validation")
FORMS: dict[str, type[Example] | type[Conversation]] = {"Example": Example, "Conversation": Conversation}


def launch(job: TrainingJob, options: LoraOptions) -> TrainedModel:
    """The result of a job that `options.processes` processes on this machine work on.

    Raises TrainingError with what the first of them said that failed, or what `job.progress` raises; then none of them
    runs any more.
    """
    write_job(job)
    made: Json = None
    faults: list[str] = []
    with started(job.work, options) as lines:
        for said in lines:
            if "progress" in said:
                job.progress(*said["progress"])
            elif "figures" in said:
                job.track(*said["figures"])
            elif "fault" in said:
                faults.append(said["fault"])
            made = said.get("made", made)
    if made is None:
        sentence = faults[0] if faults else "The training processes ended without a result."
        raise TrainingError(sentence, f"See {job.work / LOG}; the next run goes on from the last checkpoint.")
    return TrainedModel.model_validate(made)


@contextmanager
def started(work: Path, options: LoraOptions) -> Iterator[Iterator[Json]]:
    """The objects that the processes print, until all have ended; leaving early ends them."""
    threads = options.threads or max(1, (os.cpu_count() or 1) // options.processes)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={options.processes}"]
    with (work / LOG).open("wb") as log:
        runner = subprocess.Popen(  # noqa: S603 - our own module, in this Python
            [*command, "--module", WORKER, str(work)],
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        )
        try:
            yield objects(runner.stdout or BytesIO())
            runner.wait()
        finally:
            end(runner)


def objects(lines: IO[bytes]) -> Iterator[Json]:
    """The lines that are JSON objects; libraries may print others between them."""
    for line in lines:
        with suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                yield found


def end(runner: "subprocess.Popen[bytes]") -> None:
    """Ends a runner that still works, and all that it started."""
    if runner.poll() is None:
        runner.terminate()  # torchrun passes it on
        with suppress(subprocess.TimeoutExpired):
            runner.wait(PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(runner.pid, signal.SIGKILL)
    runner.wait()
    if runner.stdout is not None:
        runner.stdout.close()


def write_job(job: TrainingJob) -> None:
    """Leaves a job in its work folder."""
    rows = {
        name: [{"form": type(example).__name__, **example.model_dump(mode="json")} for example in examples]
        for name, examples in zip(ROWS, (job.training, job.validation), strict=True)
    }
    rest = {"student": job.student, "prompt": job.prompt, "options": job.options, "seed": job.seed}
    rest["keep_epochs"] = job.keep_epochs
    job.work.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows | rest | {"output": str(job.output.resolve())}, ensure_ascii=False)
    (job.work / JOB).write_text(text, encoding="utf-8")


def read_job(work: Path, progress: Progress, track: Track) -> TrainingJob:
    """The job in a work folder."""
    held = json.loads((work / JOB).read_text(encoding="utf-8"))
    rows = {name: [FORMS[row.pop("form")].model_validate(row) for row in held[name]] for name in ROWS}
    return TrainingJob(
        training=rows["training"],
        validation=rows["validation"],
        student=held["student"],
        prompt=held["prompt"],
        options=held["options"],
        seed=held["seed"],
        work=work,
        output=Path(held["output"]),
        progress=progress,
        track=track,
        keep_epochs=held["keep_epochs"],
    )
