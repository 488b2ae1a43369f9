"""/v1/fine_tuning/jobs: tuning on this machine, in the words of the hosted API."""

import secrets
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from raftune.serving.pages import After, Limit, page
from raftune.serving.refusals import Refusal
from raftune.serving.service import Service, TheService, tuner_of
from raftune.tuning.hyperparameters import Hyperparameters
from raftune.tuning.jobs import Checkpoint, Event, Illegal, Job
from raftune.tuning.tuner import Tuner

router = APIRouter()

SEEDS = 2**31
Text = Annotated[str, StringConstraints(max_length=512)]
Suffix = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Supervised(BaseModel):
    """Learning from answers."""

    hyperparameters: Hyperparameters = Hyperparameters()


class Method(BaseModel):
    """How to tune: only by answers."""

    type: Literal["supervised"]
    supervised: Supervised = Supervised()


class NewJob(BaseModel):
    """What a client asks for. Fields that only some providers know, such as Azure's trainingType, are noted."""

    model_config = ConfigDict(extra="allow")

    model: Text
    training_file: Text
    validation_file: Text | None = None
    hyperparameters: Hyperparameters = Hyperparameters()
    method: Method | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    suffix: Suffix | None = None
    metadata: dict[Annotated[str, StringConstraints(max_length=64)], Text] | None = Field(default=None, max_length=16)
    integrations: list[Any] | None = None


@router.post("/v1/fine_tuning/jobs")
async def create(asked: NewJob, service: TheService) -> dict[str, Any]:
    """Puts a job into the queue."""
    tuner = tuner_of(service)
    check(asked, service, tuner)
    wanted = asked.method.supervised.hyperparameters if asked.method else asked.hyperparameters
    job = tuner.jobs.create(
        model=asked.model,
        training_file=asked.training_file,
        validation_file=asked.validation_file,
        hyperparameters=wanted.settled(),
        seed=secrets.randbelow(SEEDS) if asked.seed is None else asked.seed,
        suffix=asked.suffix,
        metadata=asked.metadata,
        extra=asked.model_extra or {},
    )
    tuner.wake()
    return row(job, tuner)


def check(asked: NewJob, service: Service, tuner: Tuner) -> None:
    """Raises Refusal for what cannot be tuned."""
    if asked.integrations:
        raise Refusal(400, "Integrations are not offered here.", param="integrations", code="invalid_value")
    served = service.catalogue.find(asked.model)
    made = {job.fine_tuned_model for job in tuner.jobs.all()}
    if served.name != tuner.base and served.name not in made:
        message = f"The model {asked.model} cannot be tuned. Name {tuner.base}, or a model that was tuned here."
        raise Refusal(400, message, param="model", code="model_not_available")
    for name, param in ((asked.training_file, "training_file"), (asked.validation_file, "validation_file")):
        if name is not None and tuner.uploads.find(name) is None:
            raise Refusal(400, f"invalid {param}: {name[:100]}", param=param, code="invalid_file_id")


@router.get("/v1/fine_tuning/jobs")
async def jobs(service: TheService, after: After = None, limit: Limit = 20) -> dict[str, Any]:
    """The jobs, the newest first."""
    tuner = tuner_of(service)
    return page(tuner.jobs.all(), lambda job: job.id, lambda job: row(job, tuner), after, limit)


@router.get("/v1/fine_tuning/jobs/{name}")
async def job(name: str, service: TheService) -> dict[str, Any]:
    """One job."""
    tuner = tuner_of(service)
    return row(known(tuner, name), tuner)


@router.post("/v1/fine_tuning/jobs/{name}/cancel")
async def cancel(name: str, service: TheService) -> dict[str, Any]:
    """Ends a job for good."""
    return await ended(service, name, "cancelled")


@router.post("/v1/fine_tuning/jobs/{name}/pause")
async def pause(name: str, service: TheService) -> dict[str, Any]:
    """Stops a job at its last checkpoint."""
    return await ended(service, name, "paused")


async def ended(service: Service, name: str, status: str) -> dict[str, Any]:
    """A job after it was stopped."""
    tuner = tuner_of(service)
    try:
        return row(await tuner.end(known(tuner, name).id, status), tuner)
    except Illegal as error:
        raise Refusal(400, str(error), code="invalid_job_status") from None


@router.post("/v1/fine_tuning/jobs/{name}/resume")
async def resume(name: str, service: TheService) -> dict[str, Any]:
    """Lets a paused job go on."""
    tuner = tuner_of(service)
    try:
        return row(tuner.resume(known(tuner, name).id), tuner)
    except Illegal as error:
        raise Refusal(400, str(error), code="invalid_job_status") from None


@router.get("/v1/fine_tuning/jobs/{name}/events")
async def events(name: str, service: TheService, after: After = None, limit: Limit = 20) -> dict[str, Any]:
    """What happened to a job, the newest first."""
    tuner = tuner_of(service)
    found = tuner.jobs.events(known(tuner, name).id)
    return page(found, lambda event: event.id, Event.model_dump, after, limit)


@router.get("/v1/fine_tuning/jobs/{name}/checkpoints")
async def checkpoints(name: str, service: TheService, after: After = None, limit: Limit = 10) -> dict[str, Any]:
    """What was trained by the ends of epochs, the newest first."""
    tuner = tuner_of(service)
    found = tuner.jobs.checkpoints(known(tuner, name).id)
    return page(found, lambda one: one.id, Checkpoint.model_dump, after, limit)


def known(tuner: Tuner, name: str) -> Job:
    """The job of that id. Raises Refusal (404)."""
    found = tuner.jobs.find(name)
    if found is None:
        raise Refusal(
            404, f"Could not find fine tune: {name[:100]}", param="fine_tuning_job_id", code="fine_tune_not_found"
        )
    return found


def row(job: Job, tuner: Tuner) -> dict[str, Any]:
    """A job as the API shows it."""
    shown = job.model_dump(mode="json", exclude={"extra"})
    method = {"type": "supervised", "supervised": {"hyperparameters": shown["hyperparameters"]}}
    own = {"object": "fine_tuning.job", "organization_id": tuner.organization, "method": method, "integrations": []}
    return {**job.extra, **shown, **own}
