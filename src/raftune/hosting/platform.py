"""A platform with OpenAI's fine-tuning API: files go up, a job is made once and followed, its results come down.

What was uploaded and started is in the ledger before it is used. A run that was killed between the two finds its file
or job at the platform by a name that only it can have, so nothing is started twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from raftune.digest import Json, digest, file_digest
from raftune.endpoints.endpoint import Endpoint, import_sdk
from raftune.errors import BadReply, ProviderError, TrainingError, Unavailable
from raftune.ledger import Action, Ledger

T = TypeVar("T")
Auto = Literal["auto"]

LABEL = "raftune"  # the name of our label in a job's metadata
GOOD, BAD = ("succeeded",), ("failed", "cancelled", "canceled")
LISTED = 100
TRIES = 5
ELSEWHERE = 'Tune on this machine (trainer = "lora"), or name another platform, such as `raftune serve`, as base_url.'


@dataclass(frozen=True)
class Wish:
    """What decides the tuned model beside its files; "auto" leaves a number to the platform."""

    model: str
    seed: int
    n_epochs: int
    batch_size: Auto | int = "auto"
    learning_rate_multiplier: Auto | float = "auto"


@dataclass(frozen=True)
class Manner:
    """How a job is made and followed, which changes no result: `extra` fields are for one platform alone."""

    suffix: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    seconds: float = 10.0


@dataclass
class Platform:
    """One platform, by its endpoint."""

    endpoint: Endpoint
    ledger: Ledger

    @property
    def place(self) -> str:
        """What it is called in messages."""
        return self.endpoint.address.place

    async def call(self, model: str, work: Callable[[Any], Awaitable[T]]) -> T:
        """What `work` gives for the client; what fails by chance is tried again. Raises ProviderError, or Refused."""
        openai = import_sdk()
        for attempt in range(TRIES):
            try:
                return await self.endpoint.call(openai, model, work)
            except openai.APIStatusError as error:
                told = self.endpoint.explain(openai, error, model)
                if not isinstance(told, Unavailable):
                    raise Refused(error.status_code, said_in(error), told) from error
                failure = told
            except Unavailable as error:
                failure = error
            if attempt == TRIES - 1:
                raise failure
            await asyncio.sleep(min(60.0, failure.retry_after or 0.5 * 2**attempt))
        raise AssertionError

    async def upload(self, path: Path) -> str:
        """The id of a file at the platform; uploaded if it is not there."""
        mark = file_digest(path)
        key = digest(["upload", self.endpoint.address.name, mark])
        if (known := self.ledger.recall(key)) and await self.there(str(known)):
            return str(known)
        name = f"{LABEL}-{mark[:32]}.jsonl"
        listed = await self.call("", lambda client: client.files.list(purpose="fine-tune", limit=LISTED))
        found = next((str(file.id) for file in listed.data if file.filename == name), None)
        if found is None:
            content = await asyncio.to_thread(path.read_bytes)
            made = await self.call("", lambda client: client.files.create(file=(name, content), purpose="fine-tune"))
            found = text_in(made, "id")
        self.ledger.remember(Action(key, "upload", {"file": path.name, "sha256": mark}, found, stage="train"))
        return found

    async def there(self, file: str) -> bool:
        """Whether the platform still has a file."""
        try:
            await self.call("", lambda client: client.files.retrieve(file))
        except Refused as refused:
            if refused.status == 404:
                return False
            raise
        return True

    async def job(self, training: str, validation: str | None, wish: Wish, manner: Manner) -> str:
        """The id of the job for these files and wishes: the one that is at work or done, or a new one.

        One that failed or was cancelled is left behind. Raises TrainingError where the platform tunes it no more.
        """
        asked: Json = [self.endpoint.address.name, training, validation, asdict(wish)]
        for attempt in range(LISTED):
            key = digest(["fine-tuning job", asked, attempt])
            found = self.ledger.recall(key) or await self.labelled(key)
            if found is None:
                found = await self.create(training, validation, wish, manner, key)
            self.ledger.remember(Action(key, "job", asked, found, stage="train", model=wish.model))
            if (await self.state(str(found))).status not in BAD:
                return str(found)
        raise TrainingError(f"{LISTED} jobs like this one have failed at {self.place}.", ELSEWHERE)

    async def labelled(self, label: str) -> str | None:
        """The id of the job with this label among the latest, or None."""
        jobs = await self.call("", lambda client: client.fine_tuning.jobs.list(limit=LISTED))
        return next((str(job.id) for job in jobs.data if (job.metadata or {}).get(LABEL) == label), None)

    async def create(self, training: str, validation: str | None, wish: Wish, manner: Manner, label: str) -> str:
        """The id of a new job."""
        numbers = {name: getattr(wish, name) for name in ("n_epochs", "batch_size", "learning_rate_multiplier")}
        fields: dict[str, Any] = {"validation_file": validation, "suffix": manner.suffix or None}
        try:
            made = await self.call(
                wish.model,
                lambda client: client.fine_tuning.jobs.create(
                    model=wish.model,
                    training_file=training,
                    seed=wish.seed,
                    method={"type": "supervised", "supervised": {"hyperparameters": numbers}},
                    metadata={LABEL: label},
                    extra_body=dict(manner.extra),
                    **{name: value for name, value in fields.items() if value is not None},
                ),
            )
        except Refused as refused:
            if refused.status in (401, 429):
                raise
            raise TrainingError(f"{self.place} does not tune {wish.model}: {refused.said}", ELSEWHERE) from refused
        return text_in(made, "id")

    async def state(self, job: str) -> Any:
        """The job as it is."""
        return await self.call("", lambda client: client.fine_tuning.jobs.retrieve(job))

    async def follow(self, job: str, tell: Callable[[Any], None], manner: Manner) -> Any:
        """The job once it has ended; `tell` gets each new event. A status that is not known is waited out.

        Raises TrainingError where it failed, with what the platform says, and what `tell` raises.
        """
        told: set[str] = set()
        while True:
            found = await self.state(job)
            events = await self.call("", lambda client: client.fine_tuning.jobs.list_events(job, limit=LISTED))
            for event in reversed(events.data):
                if event.id not in told:
                    told.add(event.id)
                    tell(event)
            if found.status in GOOD:
                return found
            if found.status in BAD:
                said = getattr(found.error, "message", None) or found.status
                raise TrainingError(f"The job {job} at {self.place} ended: {said}", "Run again to start another one.")
            await asyncio.sleep(manner.seconds)

    async def results(self, job: Any) -> str:
        """The result file of a job that succeeded, "" where it has none."""
        if not job.result_files:
            return ""
        made = await self.call("", lambda client: client.files.content(job.result_files[0]))
        return str(made.text)

    async def chosen(self, job: Any, which: str) -> str:
        """The name of a job's model, or of one of its checkpoints: "last", "best" by validation loss, or a step."""
        if which == "last":
            return text_in(job, "fine_tuned_model")
        listed = await self.call("", lambda client: client.fine_tuning.jobs.checkpoints.list(job.id, limit=LISTED))
        held = {checkpoint.step_number: checkpoint for checkpoint in listed.data}
        if which.isdecimal():
            if int(which) not in held:
                steps = ", ".join(map(str, sorted(held))) or "none"
                raise TrainingError(f"The job has no checkpoint of step {which}.", f"It has: {steps}.")
            return text_in(held[int(which)], "fine_tuned_model_checkpoint")
        losses = {step: checkpoint.metrics.full_valid_loss for step, checkpoint in held.items()}
        known = {step: loss for step, loss in losses.items() if loss is not None}
        if not known:
            return text_in(job, "fine_tuned_model")
        return text_in(held[min(known, key=lambda step: (known[step], step))], "fine_tuned_model_checkpoint")


class Refused(ProviderError):
    """A platform says no: with a status, in its own words, and in ours."""

    def __init__(self, status: int, said: str, told: ProviderError) -> None:
        super().__init__(told.message, told.advice)
        self.status = status
        self.said = said


def said_in(error: Any) -> str:
    """What a platform says in an error, at most 300 characters on one line."""
    body = error.body if isinstance(error.body, dict) else {}
    return " ".join(str(body.get("message") or error.message).split())[:300]


def text_in(found: Any, name: str) -> str:
    """A text in an answer. Raises BadReply where it has none."""
    value = getattr(found, name, None)
    if not isinstance(value, str) or not value:
        raise BadReply(f"The platform's answer has no {name}.", "Check what answers at base_url.")
    return value
