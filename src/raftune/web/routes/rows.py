"""The rows of a stage, and those it left out: any number of them, a page at a time."""

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from raftune import api
from raftune.api import check_stage
from raftune.records import Record
from raftune.web.visiting import TheVisit

router = APIRouter(prefix="/rows")
PER_PAGE = 20
Place = Annotated[int, Query(ge=0, le=1_000_000_000)]


@router.get("/{stage}")
def rows(visit: TheVisit, stage: str, first: Place = 0, rejected: str | None = None) -> Response:
    """Rows from a place on; with `rejected`, those that were left out for that reason ("" for any)."""
    check_stage(stage)
    artifact = api.stored(visit.project, stage)
    if rejected is not None:
        wanted = (row for row in artifact.rejects() if rejected in ("", row["reason"]))
        found: list[dict[str, Any]] = list(islice(wanted, first, first + PER_PAGE))
        total = sum(count for reason, count in artifact.rejected if rejected in ("", reason))
    else:
        index = visit.cockpit.library.index(artifact)
        found, total = [shown(row) for row in index.page(first, PER_PAGE)], len(artifact)
    return visit.page(
        "rows",
        here="pipeline",
        stage=stage,
        rows=found,
        first=first,
        total=total,
        size=PER_PAGE,
        rejected=rejected,
        reasons=artifact.rejected,
    )


def shown(row: Record) -> dict[str, Any]:
    """A row's fields, id first; empty ones are left out, and long texts of documents are cut."""
    return {name: cut(value) for name, value in row.to_row().items() if value not in (None, "", [], {})}


def cut(value: Any, most: int = 1200) -> Any:
    """A value as a text of bounded length."""
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= most else f"{text[:most]}…"
