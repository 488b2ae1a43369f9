"""Works off the queue of jobs: one at a time, in a child process, from the last checkpoint of one that was stopped."""

import asyncio
import csv
import json
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from raftune.contracts import TrainingJob
from raftune.errors import RaftuneError
from raftune.models.student import find_student, safetensors_folder
from raftune.models.weights import load_tokenizer
from raftune.prompts.raft import default_prompt
from raftune.records import Conversation
from raftune.training.job import ADAPTER
from raftune.training.launching import write_job
from raftune.training.rows import turn_rows
from raftune.tuning.checking import Fault, conversations, fault_of
from raftune.tuning.jobs import ENDED, Illegal, Job, Jobs
from raftune.tuning.uploads import Uploads

PATIENCE = 20.0
# What a job can end with that is not its owner's fault: the queue outlives it.
FAULTS = (RaftuneError, OSError, ValueError, KeyError, TypeError, RuntimeError)
OUTPUT, WORK = "output", "work"


class Published(Protocol):
    """Where tuned models are offered."""

    def publish(self, name: str, adapter_folder: Path, created: int) -> None:
        """Offers a model."""

    def withdraw(self, name: str) -> None:
        """Offers it no longer."""


@dataclass
class Tuner:
    """The queue of a service. `student` is what jobs tune, called `base` there; `context` tokens of a row are read."""

    jobs: Jobs
    uploads: Uploads
    published: Published
    student: str
    base: str
    organization: str
    context: int = 4096
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _child: "asyncio.subprocess.Process | None" = None
    _running: str = ""

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Works off the queue while inside; what was tuned before is offered first."""
        self.republish()
        task = asyncio.create_task(self.work())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.stop_child()

    def republish(self) -> None:
        """Offers all models of earlier jobs again."""
        for job in reversed(self.jobs.all()):
            if job.fine_tuned_model:
                self.offer(job, job.fine_tuned_model, self.folder(job) / OUTPUT / ADAPTER)
            for checkpoint in reversed(self.jobs.checkpoints(job.id)):
                folder = self.folder(job) / OUTPUT / f"step-{checkpoint.step_number}"
                self.offer(job, checkpoint.fine_tuned_model_checkpoint, folder)

    def offer(self, job: Job, name: str, folder: Path) -> None:
        """Offers a model, unless its folder was deleted."""
        if folder.is_dir():
            self.published.publish(name, folder, job.finished_at or job.created_at)

    def folder(self, job: Job) -> Path:
        """The folder of a job."""
        return self.jobs.work(job.id)

    def wake(self) -> None:
        """Says that there may be something to do."""
        self._changed.set()

    async def work(self) -> None:
        """Takes jobs, the oldest first, for ever."""
        while True:
            self._changed.clear()
            waiting = self.jobs.waiting()
            if waiting:
                await self.advance(waiting[0])
            else:
                await self._changed.wait()

    async def advance(self, job: Job) -> None:
        """Takes a job one status further."""
        try:
            if job.status == "validating_files":
                await self.validate(job)
            else:
                await self.train(job)
        except Illegal:
            return  # somebody cancelled or paused it meanwhile
        except FAULTS as error:
            self.fail(job, Fault("server_error", str(error), ""))

    async def validate(self, job: Job) -> None:
        """Checks the files of a job."""
        self.jobs.tell(job.id, f"Validating training file: {job.training_file}")
        fault = await asyncio.to_thread(self.fault, job)
        if fault is not None:
            self.fail(job, fault)
            return
        self.jobs.change(job.id, status="queued")
        self.jobs.tell(job.id, "Files validated, moving job to queued state")

    def fault(self, job: Job) -> Fault | None:
        """What is wrong with the files of a job."""
        folder = safetensors_folder(find_student(self.student))
        tokenizer: Any = load_tokenizer(folder)

        def count(conversation: Conversation) -> int:
            return max((len(row.tokens) for row in turn_rows(conversation, tokenizer)), default=0)

        for name, param in ((job.training_file, "training_file"), (job.validation_file, "validation_file")):
            upload = self.uploads.find(name) if name else None
            if name and upload is None:
                return Fault("file_not_found", f"The file {name} does not exist any more.", param)
            if upload and (found := fault_of(self.uploads.path(upload), param, count, self.context)):
                return found
        return None

    def fail(self, job: Job, fault: Fault) -> None:
        """Ends a job with what is wrong."""
        error = {"code": fault.code, "message": fault.message, "param": fault.param or None}
        self.jobs.tell(job.id, fault.message, level="error")
        self.jobs.change(job.id, status="failed", error=error, finished_at=int(time.time()), estimated_finish=None)

    async def train(self, job: Job) -> None:
        """Runs a job's child process to its end, or until the job is paused or cancelled."""
        work = self.folder(job) / WORK
        if not (work / "job.json").exists():
            await asyncio.to_thread(self.write, job)
        if job.status == "queued":
            self.jobs.change(job.id, status="running")
            self.jobs.tell(job.id, "Fine-tuning job started")
        said = await self.run_child(job, work)
        now = self.jobs.find(job.id)
        if now is None or now.status != "running":
            return
        if "made" in said:
            await asyncio.to_thread(self.finish, now)
        else:
            self.fail(job, Fault("training_failed", str(said.get("fault", "The training process ended early.")), ""))

    def write(self, job: Job) -> None:
        """Leaves a job's training in its work folder."""
        folder = self.folder(job)
        names = (job.training_file, job.validation_file)
        training, validation = (self.uploads.find(name) if name else None for name in names)
        if training is None:
            raise FileNotFoundError(f"The file {job.training_file} does not exist any more.")
        write_job(
            TrainingJob(
                training=conversations(self.uploads.path(training)),
                validation=conversations(self.uploads.path(validation)) if validation else (),
                student=self.student,
                prompt=default_prompt().model_dump(mode="json"),
                options=job.hyperparameters.options(self.start_from(job)),
                seed=job.seed,
                work=folder / WORK,
                output=folder / OUTPUT,
                progress=lambda *_: None,
                track=lambda *_: None,
                keep_epochs=True,
            )
        )

    def start_from(self, job: Job) -> str:
        """The adapter that a job goes on from: none for the base."""
        if job.model == self.base:
            return ""
        made = next(one for one in self.jobs.all() if one.fine_tuned_model == job.model)
        return str(self.folder(made) / OUTPUT / ADAPTER)

    async def run_child(self, job: Job, work: Path) -> Mapping[str, Any]:
        """What the child said last of each kind."""
        command = [sys.executable, "-m", "raftune.tuning.child", str(work)]
        with (work / "child.log").open("ab") as log:
            child = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log, limit=1 << 24
            )
        self._child, self._running = child, job.id
        said: dict[str, Any] = {}
        try:
            while child.stdout is not None and (line := await child.stdout.readline()):
                with suppress(ValueError):
                    found = json.loads(line)
                    if isinstance(found, dict):
                        said |= found
                        self.hear(job, found)
        finally:
            await self.stop_child()
        return said

    def hear(self, job: Job, said: Mapping[str, Any]) -> None:
        """Makes events of what the child says."""
        if "progress" in said:
            done, total, _ = said["progress"]
            self.jobs.change(job.id, estimated_finish=self.estimated(job, done, total))
        if "figures" in said:
            step, figures = said["figures"]
            if any(event.data.get("step") == step for event in self.jobs.events(job.id)):
                return  # done again after a stop: told already
            data = {"step": step, **{name: figures[name] for name in ("train_loss", "valid_loss") if name in figures}}
            data["train_mean_token_accuracy"] = figures["train_accuracy"]
            self.jobs.tell(job.id, f"Step {step}: training loss={figures['train_loss']:.2f}", data=data)
            self.note_checkpoints(job)

    def estimated(self, job: Job, done: int, total: int) -> int:
        """When a job will end, in seconds since 1970, by what this run of it took so far."""
        started = next(event.created_at for event in self.jobs.events(job.id) if event.type == "message")
        now = time.time()
        first = next((event.data["step"] for event in reversed(self.jobs.events(job.id)) if event.type == "metrics"), 0)
        return int(now + (now - started) / max(1, done - first + 1) * (total - done))

    def note_checkpoints(self, job: Job) -> None:
        """Offers what was trained by the ends of epochs."""
        known = {one.step_number for one in self.jobs.checkpoints(job.id)}
        for folder in (self.folder(job) / OUTPUT).glob("step-*"):
            step = int(folder.name.removeprefix("step-"))
            if step in known or not (folder / "adapter_config.json").exists():
                continue
            name = f"{self.model_name(job)}:ckpt-step-{step}"
            figures = next((one.data for one in self.jobs.events(job.id) if one.data.get("step") == step), {})
            metrics = {"step": float(step), "train_loss": figures.get("train_loss")}
            metrics |= {"full_valid_loss": figures.get("valid_loss")}
            self.jobs.keep(job.id, step, name, metrics)
            self.published.publish(name, folder, int(time.time()))

    def model_name(self, job: Job) -> str:
        """What the model of a job is called: ft:BASE:ORGANIZATION:SUFFIX:ID."""
        return f"ft:{self.base}:{self.organization}:{job.suffix or ''}:{job.id[-8:]}"

    def finish(self, job: Job) -> None:
        """Offers what a job made, with its result file."""
        self.note_checkpoints(job)
        folder, name = self.folder(job) / OUTPUT, self.model_name(job)
        text = (folder / "metrics.csv").read_text(encoding="utf-8")
        result = self.uploads.add_text(
            text, "step_metrics.csv", "fine-tune-results", f"file-{job.id.removeprefix('ftjob-')}"
        )
        now = int(time.time())
        self.published.publish(name, folder / ADAPTER, now)
        self.jobs.change(
            job.id,
            status="succeeded",
            finished_at=now,
            estimated_finish=None,
            fine_tuned_model=name,
            result_files=[result.id],
            trained_tokens=self.trained_tokens(job),
        )
        self.jobs.tell(job.id, f"New fine-tuned model created: {name}")
        self.jobs.tell(job.id, "The job has successfully completed")

    def trained_tokens(self, job: Job) -> int:
        """Tokens of all rows that were seen, documents that rows share counted for each."""
        with (self.folder(job) / WORK / "speed.csv").open(encoding="utf-8", newline="") as file:
            steps = {line["step"]: int(line["tokens"]) for line in csv.DictReader(file)}
        return sum(steps.values())

    async def end(self, name: str, status: str) -> Job:
        """Cancels or pauses a job, and ends its child if it is at work. Raises Illegal."""
        finished = {"finished_at": int(time.time()), "estimated_finish": None} if status in ENDED else {}
        job = self.jobs.change(name, status=status, **finished)
        self.jobs.tell(name, f"Job {status}")
        if self._running == name:
            await self.stop_child()
        return job

    def resume(self, name: str) -> Job:
        """Puts a paused job back into the queue. Raises Illegal."""
        job = self.jobs.change(name, status="queued")
        self.jobs.tell(name, "Job resumed")
        self.wake()
        return job

    def forget(self, name: str) -> bool:
        """Deletes a tuned model or a checkpoint; whether there was one of that name."""
        for job in self.jobs.all():
            folders = {
                one.fine_tuned_model_checkpoint: f"step-{one.step_number}" for one in self.jobs.checkpoints(job.id)
            }
            if job.fine_tuned_model:
                folders[job.fine_tuned_model] = ADAPTER
            if name in folders:
                self.published.withdraw(name)
                shutil.rmtree(self.folder(job) / OUTPUT / folders[name], ignore_errors=True)
                return True
        return False

    async def stop_child(self) -> None:
        """Ends the child that is at work, if there is one."""
        child, self._child, self._running = self._child, None, ""
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()  # it ends when nobody holds its input
        try:
            await asyncio.wait_for(child.wait(), PATIENCE)
        except TimeoutError:
            child.kill()
            await child.wait()


def slug(text: str) -> str:
    """A text as a part of a model's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "local"
