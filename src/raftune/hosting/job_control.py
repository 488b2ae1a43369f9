"""What a person does with the jobs that raftune started at a platform: look at them, pause, resume, cancel."""

from typing import Any, Literal

from raftune.errors import ConfigError
from raftune.hosting.platform import LABEL, LISTED, Platform, Refused

Verb = Literal["pause", "resume", "cancel"]


async def our_jobs(platform: Platform) -> list[Any]:
    """The jobs among the latest 100 that raftune started, the newest first."""
    listed = await platform.call("", lambda client: client.fine_tuning.jobs.list(limit=LISTED))
    return [job for job in listed.data if LABEL in (job.metadata or {})]


async def job_meant(platform: Platform, name: str) -> Any:
    """The job of that id, or without one the latest that raftune started. Raises ConfigError where there is none."""
    if not name:
        found = await our_jobs(platform)
        if not found:
            raise ConfigError(f"No job of raftune's is at {platform.place}.", "`raftune run` starts one.")
        return found[0]
    try:
        return await platform.state(name)
    except Refused as refused:
        if refused.status != 404:
            raise
        raise ConfigError(f"{platform.place} has no job {name}.", "`raftune job ls` lists those there are.") from None


async def change(platform: Platform, name: str, verb: Verb) -> Any:
    """The job after it was paused, resumed or cancelled. Raises ConfigError where its status does not allow that."""
    job = await job_meant(platform, name)
    try:
        return await platform.call("", lambda client: getattr(client.fine_tuning.jobs, verb)(job.id))
    except Refused as refused:
        if refused.status not in (400, 404, 409):
            raise
        raise ConfigError(
            f"{platform.place} does not {verb} {job.id}, which is {job.status}: {refused.said}",
            "`raftune job ls` shows how it stands.",
        ) from refused


async def checkpoints(platform: Platform, name: str) -> tuple[Any, list[Any]]:
    """A job, and its checkpoints in the order of their steps."""
    job = await job_meant(platform, name)
    listed = await platform.call("", lambda client: client.fine_tuning.jobs.checkpoints.list(job.id, limit=LISTED))
    return job, sorted(listed.data, key=lambda one: one.step_number)
