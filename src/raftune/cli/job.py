"""raftune job: the fine-tuning jobs of [hosted], at the platform that tunes them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from raftune.cli.options import HERE, AsJson, Folder

if TYPE_CHECKING:
    from raftune.hosting.job_control import Verb
    from raftune.hosting.platform import Platform

T = TypeVar("T")
Job = Annotated[str, typer.Argument(help="A job's id.", show_default="the latest that raftune started")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look at the fine-tuning jobs of [hosted], pause, resume or cancel them.",
)


@app.command("ls")
def list_jobs(project: Folder = HERE, as_json: AsJson = False) -> None:
    """List the jobs that raftune started at the platform, the newest first."""
    from raftune.hosting.job_control import our_jobs

    jobs = at_platform(project, our_jobs)
    if as_json:
        typer.echo(json.dumps([job.to_dict(mode="json") for job in jobs]))
        return
    for job in jobs:
        typer.echo(line_of(job))


@app.command()
def pause(job: Job = "", project: Folder = HERE) -> None:
    """Pause a job; it keeps its last checkpoint."""
    told(project, job, "pause")


@app.command()
def resume(job: Job = "", project: Folder = HERE) -> None:
    """Let a paused job go on."""
    told(project, job, "resume")


@app.command()
def cancel(job: Job = "", project: Folder = HERE) -> None:
    """End a job. The next `raftune run` starts another one."""
    told(project, job, "cancel")


@app.command("checkpoints")
def list_checkpoints(job: Job = "", project: Folder = HERE, as_json: AsJson = False) -> None:
    """List a job's checkpoints; `checkpoint` under [hosted] says which one a run takes."""
    from raftune.hosting.job_control import checkpoints

    _, listed = at_platform(project, lambda platform: checkpoints(platform, job))
    if as_json:
        typer.echo(json.dumps([one.to_dict(mode="json") for one in listed]))
        return
    typer.echo(f"{'step':>6} {'training':>9} {'validation':>10}  model")
    for one in listed:
        losses = [loss(value) for value in (one.metrics.train_loss, one.metrics.full_valid_loss)]
        typer.echo(f"{one.step_number:>6} {losses[0]:>9} {losses[1]:>10}  {one.fine_tuned_model_checkpoint}")


def told(project: Path, job: str, verb: "Verb") -> None:
    """Changes a job and says how it stands then."""
    from raftune.hosting.job_control import change

    typer.echo(line_of(at_platform(project, lambda platform: change(platform, job, verb))))


def at_platform(project: Path, work: "Callable[[Platform], Awaitable[T]]") -> T:
    """What `work` gives for the platform of [hosted]."""
    with platform_of(project) as platform:

        async def working() -> T:
            try:
                return await work(platform)
            finally:
                await platform.endpoint.aclose()

        return asyncio.run(working())


@contextmanager
def platform_of(project: Path) -> "Iterator[Platform]":
    """The platform that [hosted] names."""
    from raftune import api
    from raftune.endpoints.endpoint import Endpoint
    from raftune.endpoints.keys import Keys
    from raftune.hosting.platform import Platform

    opened = api.open_project(project)
    opened.state.mkdir(exist_ok=True)
    with api.opened_ledger(opened) as ledger:
        yield Platform(Endpoint(opened.settings.hosted.address(), Keys(opened.folder)), ledger)


def line_of(job: Any) -> str:
    """A job: its id, status, when it was made, and what it made."""
    from raftune.cli.layout import harmless

    made = datetime.fromtimestamp(job.created_at, UTC)
    return harmless(f"{job.id}  {job.status:<10} {made:%Y-%m-%d %H:%M}  {job.fine_tuned_model or job.model}")


def loss(value: float | None) -> str:
    """A loss, "-" where there is none."""
    return "-" if value is None else f"{value:.4f}"
