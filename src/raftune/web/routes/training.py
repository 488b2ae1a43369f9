"""The training page: loss and accuracy of the run that goes on or of the last one, and runs side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from raftune import api
from raftune.api import Project
from raftune.errors import ConfigError
from raftune.records import TrainedModel
from raftune.training.checkpoint import steps_in
from raftune.training.metrics import FIGURES
from raftune.web.curves import Figures, chart, figures_of_file
from raftune.web.events import live
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/training")
MOST_COMPARED = 4


@dataclass(frozen=True)
class TrainingRun:
    """A run of training: its figures by step; `model` once it has ended, `checkpoints` while it goes on."""

    name: str
    figures: Figures
    model: TrainedModel | None = None
    checkpoints: tuple[int, ...] = ()


@router.get("")
def training(visit: TheVisit, run: Annotated[list[str] | None, Query()] = None) -> Response:
    """The page; with `run`, those runs in one picture."""
    ended = ended_runs(visit.project)
    chosen = [one for one in ended if one.name in (run or [])][:MOST_COMPARED]
    return visit.page(
        "training", here="training", ended=ended, chosen=[one.name for one in chosen], **state(visit, chosen)
    )


@router.get("/events")
def events(visit: TheVisit) -> Response:
    """The run that goes on, whenever it has taken a step."""
    return live(visit.request, lambda: (visit.html("training_now", **state(visit, [])), False))


def state(visit: Visit, chosen: list[TrainingRun]) -> dict[str, Any]:
    """What the changing part of the page shows: the run that goes on, else those chosen, else the last one."""
    project, note = visit.project, visit.cockpit.runs.note
    current = current_run(project) if note is not None and note.course == "running" and note.stage == "train" else None
    runs = [current] if current else chosen or ended_runs(project)[:1]
    last = runs[0].figures[max(runs[0].figures)] if runs and runs[0].figures else {}
    return {
        "runs": runs,
        "note": note if current else None,
        "loss": chart([one.figures for one in runs], ("train_loss", "valid_loss")),
        "accuracy": chart([one.figures for one in runs], ("train_accuracy", "valid_accuracy")),
        "last": last,
    }


def ended_runs(project: Project) -> list[TrainingRun]:
    """The runs whose models are stored, the latest first."""
    try:
        artifacts = api.history(project, "train")
    except ConfigError:
        return []
    return [
        TrainingRun(artifact.digest[:12], figures_of_file(artifact.file("metrics.csv")), next(iter(artifact), None))
        for artifact in artifacts
    ]


def current_run(project: Project) -> TrainingRun | None:
    """The run that wrote figures last and has not ended."""
    works = sorted((project.store.root / "work").glob(f"train-*/{FIGURES}"), key=changed)
    if not works:
        return None
    return TrainingRun("", figures_of_file(works[-1]), checkpoints=tuple(steps_in(works[-1].parent)))


def changed(path: Path) -> float:
    """When a file was changed, in seconds since 1970; 0 for one that has just gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
