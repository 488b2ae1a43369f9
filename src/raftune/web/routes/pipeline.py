"""The pipeline page: where each stage stands, what it made and left out, and the run that goes on."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from raftune import api, planning
from raftune.api import check_stage
from raftune.remembering.spending import money
from raftune.web.events import live
from raftune.web.stage_views import stage_views
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/pipeline")


@router.get("")
def pipeline(visit: TheVisit) -> Response:
    """The page."""
    return visit.page(
        "pipeline", here="pipeline", names=[stage.name for stage in visit.project.settings.stages], **state(visit)
    )


@router.get("/events")
def events(visit: TheVisit) -> Response:
    """The stages, whenever something changes."""
    return live(visit.request, lambda: (visit.html("pipeline_stages", **state(visit)), False))


@router.post("/run")
def run(visit: TheVisit, until: Annotated[str, Form()] = "") -> Response:
    """Starts a run, or goes on with one that was stopped."""
    if until:
        check_stage(until)
    visit.cockpit.runs.start(until)
    return visit.to("/pipeline")


@router.post("/stop")
def stop(visit: TheVisit) -> Response:
    """Stops the run; what it made and paid for is kept."""
    visit.cockpit.runs.stop()
    return visit.to("/pipeline")


@router.get("/plan")
def plan(visit: TheVisit) -> Response:
    """What a run would do now, why, and what it would cost."""
    planner = api.planned(visit.project)
    with planning.foresight(visit.project, planner.artifacts) as foresight:
        estimates = foresight.estimates(planner.plans)
    known = [one.dollars for one in estimates.values() if one is not None]
    costs = {name: price(one) for name, one in estimates.items()}
    total = None if not estimates or len(known) < len(estimates) or None in known else money(sum(filter(None, known)))
    return visit.page("pipeline_plan", plans=planner.plans, costs=costs, total=total)


def price(estimate: Any) -> str | None:
    """The dollars of an estimate in words, None where they are not known."""
    return None if estimate is None or estimate.dollars is None else money(estimate.dollars)


def state(visit: Visit) -> dict[str, Any]:
    """What the stages' part of the page shows."""
    runs = visit.cockpit.runs
    note, going = runs.note, runs.going
    views = stage_views(visit.project, note)
    failed = note is not None and note.course in ("failed", "waiting")
    return {
        "stages": views,
        "note": note,
        "going": going,
        "failed": failed,
        "log": "" if going else tail(runs.last_words()),
    }


def tail(text: str) -> str:
    """The last lines of a log without control characters."""
    return "".join(kept(text))


def kept(text: str) -> Iterable[str]:
    """The characters that a page can show."""
    return (letter for letter in text if letter == "\n" or letter.isprintable())
