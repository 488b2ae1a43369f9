"""Jobs and what happened to them: one file of lines a job, only ever added to, each forced to disk before it counts."""

import json
import os
import re
import secrets
import threading
import time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from raftune.errors import StoreError
from raftune.tuning.hyperparameters import Hyperparameters

Status = Literal["validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"]
FOLLOWS: dict[Status, tuple[Status, ...]] = {
    "validating_files": ("queued", "failed", "cancelled"),
    "queued": ("running", "paused", "cancelled"),
    "running": ("queued", "paused", "succeeded", "failed", "cancelled"),
    "paused": ("queued", "cancelled"),
    "succeeded": (),
    "failed": (),
    "cancelled": (),
}
ENDED: tuple[Status, ...] = ("succeeded", "failed", "cancelled")
FORM = re.compile(r"ftjob-[0-9a-f]{24}")


class Illegal(Exception):
    """A job cannot go from its status to the one that is asked for."""


class Event(BaseModel):
    """Something that happened to a job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    created_at: int
    level: Literal["info", "warn", "error"] = "info"
    message: str
    type: Literal["message", "metrics"] = "message"
    data: dict[str, Any] = Field(default_factory=dict)
    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"


class Checkpoint(BaseModel):
    """What was trained by the end of an epoch, served under a name of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    created_at: int
    fine_tuned_model_checkpoint: str
    fine_tuning_job_id: str
    metrics: dict[str, float | None]
    step_number: int
    object: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"


class Job(BaseModel):
    """A fine-tuning job as the API shows it, and below what it does not show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    model: str
    created_at: int
    training_file: str
    validation_file: str | None = None
    hyperparameters: Hyperparameters
    seed: int
    suffix: str | None = None
    metadata: dict[str, str] | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
    status: Status = "validating_files"
    finished_at: int | None = None
    estimated_finish: int | None = None
    fine_tuned_model: str | None = None
    error: dict[str, Any] | None = None
    trained_tokens: int | None = None
    result_files: tuple[str, ...] = ()


class Log:
    """One job's file: its first line is the job, each later one a change of its fields, an event or a checkpoint."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events: list[Event] = []
        self.checkpoints: list[Checkpoint] = []
        self.job: Job | None = None
        if path.exists():
            for line in path.read_bytes().splitlines():
                self.take(json.loads(line))

    def take(self, line: dict[str, Any]) -> None:
        """Takes a line into account."""
        if "job" in line:
            self.job = Job.model_validate(line["job"])
        elif "event" in line:
            self.events.append(Event.model_validate(line["event"]))
        elif "checkpoint" in line:
            self.checkpoints.append(Checkpoint.model_validate(line["checkpoint"]))
        elif self.job is not None:
            self.job = Job.model_validate({**self.job.model_dump(), **line["change"]})

    def add(self, line: dict[str, Any]) -> None:
        """Writes a line, forces it to disk, and takes it into account."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.take(line)


class Jobs:
    """All jobs in a folder. One process at a time; may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._logs: dict[str, Log] = {}
        for path in sorted(folder.glob("ftjob-*/log.jsonl")):
            mend(path)
            log = Log(path)
            if log.job is not None:
                self._logs[log.job.id] = log

    def work(self, job: str) -> Path:
        """The folder of a job."""
        return self.folder / job

    def create(self, **fields: Any) -> Job:
        """A new job; it is on disk when this returns."""
        job = Job(id=new_id(), created_at=int(time.time()), **fields)
        log = Log(self.work(job.id) / "log.jsonl")
        with self._lock:
            log.add({"job": job.model_dump(mode="json")})
            self._logs[job.id] = log
            self.tell(job.id, f"Created fine-tuning job: {job.id}")
        return job

    def find(self, name: str) -> Job | None:
        """The job of that id, or None."""
        log = self._logs.get(name)
        return None if log is None else log.job

    def all(self) -> list[Job]:
        """All jobs, the newest first."""
        found = [log.job for log in self._logs.values() if log.job is not None]
        return sorted(found, key=lambda job: (job.created_at, job.id), reverse=True)

    def change(self, name: str, **fields: Any) -> Job:
        """Changes fields of a job. Raises Illegal for a status that cannot follow."""
        with self._lock:
            log = self._logs[name]
            if log.job is None:
                raise StoreError(f"The job {name} has no beginning.", "Delete its folder.")
            if "status" in fields and fields["status"] not in FOLLOWS[log.job.status]:
                raise Illegal(f"A job that is {log.job.status} cannot be {fields['status']}.")
            log.add({"change": fields})
            return log.job

    def tell(self, name: str, message: str, *, level: str = "info", data: dict[str, Any] | None = None) -> None:
        """Adds an event; one with `data` is of metrics."""
        kind = "metrics" if data else "message"
        event = {"id": f"ftevent-{secrets.token_hex(12)}", "created_at": int(time.time()), "level": level}
        with self._lock:
            self._logs[name].add({"event": event | {"message": message, "type": kind, "data": data or {}}})

    def keep(self, name: str, step: int, model: str, metrics: dict[str, float | None]) -> None:
        """Adds a checkpoint."""
        made = {"id": f"ftckpt-{secrets.token_hex(12)}", "created_at": int(time.time()), "step_number": step}
        names = {"fine_tuned_model_checkpoint": model, "fine_tuning_job_id": name, "metrics": metrics}
        with self._lock:
            self._logs[name].add({"checkpoint": made | names})

    def events(self, name: str) -> list[Event]:
        """What happened to a job, the newest first."""
        return self._logs[name].events[::-1]

    def checkpoints(self, name: str) -> list[Checkpoint]:
        """The checkpoints of a job, the newest first."""
        return self._logs[name].checkpoints[::-1]

    def waiting(self) -> list[Job]:
        """The jobs that have something left to do without anybody's word, the oldest first."""
        return [job for job in self.all()[::-1] if job.status in ("validating_files", "queued", "running")]


def mend(path: Path) -> None:
    """Takes out a last line that a crash cut short."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with path.open("r+b") as file:
            file.truncate(whole)


def new_id() -> str:
    """An id that sorts behind those made before it: jobs of one second are worked off in their order, too."""
    return f"ftjob-{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"
