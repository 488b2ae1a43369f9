"""The results page: the report, each test question with what was replied, and one run against another."""

import base64
import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from raftune import api, desk
from raftune.api import Project
from raftune.comparing import SHOWN
from raftune.errors import ConfigError
from raftune.render.page import html
from raftune.report_records import Report, ReportRow
from raftune.web.visiting import TheVisit

router = APIRouter(prefix="/results")
PER_PAGE = 10
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
Short = Annotated[str, Query(max_length=200)]


@router.get("")
def results(visit: TheVisit) -> Response:
    """The report in a frame."""
    return visit.page("results", here="results", report=latest(visit.project), part="report")


@router.get("/report")
def report(visit: TheVisit) -> Response:
    """The report as it is written beside raftune.toml; it may hold its own style and nothing else."""
    found = latest(visit.project)
    if found is None:
        raise ConfigError(visit.words["results"]["none"], visit.words["results"]["none_advice"])
    seconds = {
        stage: taken
        for stage in (line["stage"] for line in visit.project.journal.lines())
        if (taken := visit.project.journal.last_seconds(stage)) is not None
    }
    text = html(found, seconds)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy_of(text), "X-Frame-Options": "SAMEORIGIN"})


@router.get("/rows")
def rows(
    visit: TheVisit,
    outcome: Annotated[str, Query(pattern="^(|tuned|base|same)$")] = "",
    text: Short = "",
    first: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Test questions, with what each system replied."""
    found = latest(visit.project)
    wanted = [row for row in (found.rows if found else ()) if fits(row, outcome, text.casefold())]
    return visit.page(
        "results_rows",
        here="results",
        part="rows",
        report=found,
        rows=wanted[first : first + PER_PAGE],
        total=len(wanted),
        first=first,
        size=PER_PAGE,
        outcome=outcome,
        text=text,
    )


@router.get("/compare")
def compare(visit: TheVisit, old: Short = "", new: Short = "") -> Response:
    """Two evaluations of the same questions."""
    runs = [run.digest[:SHOWN] for run in history(visit.project)]
    found: tuple[str, str, list[Any]] | None = None
    if len(set(runs)) > 1:
        found = desk.compared(visit.project, old, new)
    return visit.page("results_compare", here="results", part="compare", runs=runs, found=found, old=old, new=new)


def history(project: Project) -> list[Any]:
    """The stored evaluations, the latest first."""
    try:
        return api.history(project, "evaluate")
    except ConfigError:
        return []


def latest(project: Project) -> Report | None:
    """The last report, None before there is one."""
    try:
        row = next(iter(api.stored(project, "report")))
    except ConfigError:
        return None
    return row if isinstance(row, Report) else None


def fits(row: ReportRow, outcome: str, text: str) -> bool:
    """Whether a row is of an outcome and holds a text."""
    told = " ".join([row.question, row.reference, row.source, *(reply.text for reply in row.replies)])
    return outcome in ("", row.outcome) and text in told.casefold()


def policy_of(page: str) -> str:
    """What a report's page may load: nothing; its style by digest. It is shown in our frame alone, without scripts."""
    styles = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in STYLE.findall(page)]
    allowed = " ".join(f"'sha256-{digest}'" for digest in styles) or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
    )
