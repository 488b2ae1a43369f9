"""Lists in pages, as the API gives them: so many after a given one."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

T = TypeVar("T")

After = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


def page(
    rows: Sequence[T], name: Callable[[T], str], show: Callable[[T], dict[str, Any]], after: str | None, limit: int
) -> dict[str, Any]:
    """The `limit` rows behind the one called `after`; from the beginning where there is none of that name."""
    start = next((place for place, row in enumerate(rows, 1) if name(row) == after), 0) if after else 0
    shown = [show(row) for row in rows[start : start + limit]]
    ends = {"first_id": name(rows[start]), "last_id": name(rows[start + len(shown) - 1])} if shown else {}
    return {
        "object": "list",
        "data": shown,
        "has_more": start + limit < len(rows),
        "first_id": None,
        "last_id": None,
        **ends,
    }
