"""The review desk: one answer a screen. A decision is in the log before the next answer is shown."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from fastapi import Path as Piece
from starlette.responses import Response, StreamingResponse

from raftune.errors import ConfigError
from raftune.records import Answer, Decision
from raftune.reviewing.cells import lines_of, one_a_line
from raftune.reviewing.desk_index import DeskIndex, Entry, Wanted
from raftune.reviewing.folding import edit
from raftune.reviewing.log import append_decisions
from raftune.reviewing.rows import review_row
from raftune.reviewing.sheets import sheet_lines
from raftune.web import review_views
from raftune.web.review_views import LONGEST, REASONS, item_of, progress_of, query_of, wanted_of
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/review")
Id = Annotated[str, Piece(pattern="^[0-9a-f]{20}$")]
Text = Annotated[str, Form(max_length=LONGEST)]
SAMPLE = 10


@router.get("")
def review(visit: TheVisit, item: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The desk with an answer: the one named, else the first of the filter."""
    if visit.cockpit.library.preparing:
        return visit.page("review_soon", here="review")
    desk, wanted = opened(visit)
    if desk is None:
        return visit.page("review_none", here="review")
    entry = desk.entry(item) if item else None
    return show(visit, desk, wanted, entry or desk.after(wanted, -1), "")


@router.get("/{name}/next")
def following(visit: TheVisit, name: Id, way: Literal["next", "previous", "browse"] = "next") -> Response:
    """The next answer of the filter, or the one before; what is decided stays within reach."""
    desk, wanted = at_desk(visit)
    here = entry_of(desk, name)
    place = here.position
    if way == "browse":
        entry: Entry | None = desk.after(replace(wanted, state=seen(wanted)), place) or here
    elif way == "previous":
        entry = desk.before(replace(wanted, state=seen(wanted)), place) or here
    else:
        entry = desk.after(wanted, place) or desk.after(wanted, -1)
    return show(visit, desk, wanted, entry, "")


@router.get("/{name}/page/{number}")
def page(visit: TheVisit, name: Id, number: Annotated[int, Piece(ge=1, le=1_000_000)]) -> Response:
    """Another page of the document that an answer is from."""
    desk, wanted = at_desk(visit)
    item = item_of(visit, desk, entry_of(desk, name), number)
    return visit.page("review_page", item=item, query=query_of(wanted))


@router.post("/{name}/decide")
def decide(
    visit: TheVisit,
    name: Id,
    verdict: Annotated[Literal["accept", "edit", "reject", "flag", "unflag"], Form()],
    reason: Text = "",
    text: Text = "",
    reasoning: Text = "",
    quotes: Text = "",
    final: Text = "",
) -> Response:
    """Puts a decision into the log and shows the next answer; an edit that cannot be taken comes back."""
    desk, wanted = at_desk(visit)
    entry = entry_of(desk, name)
    item = item_of(visit, desk, entry)
    changes = edits(item.answer, text, reasoning, quotes, final) if verdict == "edit" else {}
    if verdict == "edit" and not changes:
        return show(visit, desk, wanted, entry, visit.words["review"]["unchanged"])
    made = Decision(answer=name, verdict=verdict, reason=reason.strip(), who=visit.who, when=visit.now, **changes)
    if verdict == "edit" and not isinstance(fault := edit(item.answer, made, item.chunk), Answer):
        draft = {"text": text, "reasoning": reasoning, "quotes": quotes, "final": final}
        said = visit.words["review"]["quote_missing"].format(quote=fault[:80])
        return show(visit, desk, wanted, entry, said, draft=draft)
    note(visit, desk, made, item.last)
    if verdict in ("flag", "unflag"):
        return show(visit, desk, wanted, desk.entry(name), visit.words["review"]["done"][verdict])
    following = desk.after(wanted, entry.position) or desk.after(wanted, -1)
    return show(visit, desk, wanted, following, visit.words["review"]["done"][verdict])


@router.post("/undo")
def undo(visit: TheVisit) -> Response:
    """Takes the reviewer's latest decision back and shows its answer."""
    desk, wanted = at_desk(visit)
    name = desk.last_by(visit.who)
    if name is None:
        return show(visit, desk, wanted, desk.after(wanted, -1), visit.words["review"]["nothing_to_undo"])
    note(visit, desk, Decision(answer=name, verdict="undo", who=visit.who, when=visit.now), None)
    return show(visit, desk, wanted, desk.entry(name), visit.words["review"]["done"]["undo"])


@router.get("/bulk")
def sample(visit: TheVisit) -> Response:
    """A sample of what would be accepted at once."""
    desk, wanted = at_desk(visit)
    wanted = replace(wanted, state="undecided")
    total = desk.count_of(wanted)
    chosen = [desk.read(entry) for entry in sample_of(desk, wanted)]
    return visit.page("review_bulk", here="review", total=total, answers=chosen, query=query_of(wanted), wanted=wanted)


@router.post("/bulk")
def accept_all(visit: TheVisit, total: Annotated[int, Form()], right: Annotated[list[str], Form()]) -> Response:
    """Accepts all undecided answers of a filter in one write, once each of the sample was found right."""
    desk, wanted = at_desk(visit)
    wanted = replace(wanted, state="undecided")
    texts = visit.words["review"]
    if {entry.id for entry in sample_of(desk, wanted)} - set(right) or not right:
        raise ConfigError(texts["bulk_unchecked"], texts["bulk_advice"])
    if desk.count_of(wanted) != total:
        raise ConfigError(texts["bulk_changed"], texts["bulk_again"])
    who, when = visit.who, visit.now
    names = [entry.id for entry in desk.all_of(wanted)]
    made = (Decision(answer=name, verdict="accept", reason="bulk", who=who, when=when) for name in names)
    append_decisions(visit.project.decisions, made)
    desk.follow()
    return visit.to("/review")


@router.get("/export.{suffix}")
def export(visit: TheVisit, suffix: Literal["csv", "jsonl"]) -> Response:
    """All answers of the filter with their decisions as a sheet, sent as it is written."""
    desk, wanted = at_desk(visit)
    kind = "text/csv" if suffix == "csv" else "application/jsonl"
    lines = sheet_lines(sheet_rows(visit, desk, wanted), f".{suffix}")
    headers = {"Content-Disposition": f'attachment; filename="answers.{suffix}"'}
    return StreamingResponse(in_blocks(lines), media_type=f"{kind}; charset=utf-8", headers=headers)


def sheet_rows(visit: Visit, desk: DeskIndex, wanted: Wanted) -> Iterator[dict[str, str]]:
    """The rows of a sheet, one after the other; answers of a passage that is gone are left out."""
    chunk = None
    for entry in desk.all_of(wanted):
        if chunk is None or chunk.id != entry.chunk:
            chunk = visit.cockpit.library.chunk(visit.project, entry.chunk)
        if chunk is not None:
            history = desk.history(entry.id) if entry.verdict else []
            yield review_row(desk.read(entry), chunk, [one for one in history if one.verdict not in ("flag", "unflag")])


def in_blocks(lines: Iterator[str], size: int = 1 << 16) -> Iterator[bytes]:
    """Lines as blocks of about that many bytes."""
    block: list[str] = []
    length = 0
    for line in lines:
        block.append(line)
        length += len(line)
        if length >= size:
            yield "".join(block).encode()
            block, length = [], 0
    yield "".join(block).encode()


def opened(visit: Visit) -> tuple[DeskIndex | None, Wanted]:
    """The desk, None before there are answers, and the filter of the address."""
    project = visit.project
    wanted = wanted_of(visit.request.query_params, visit.session.who, project.settings.ui)
    if not project.journal.last("verify"):
        return None, wanted
    return visit.cockpit.library.desk(project), wanted


def at_desk(visit: Visit) -> tuple[DeskIndex, Wanted]:
    """The desk and the filter. Raises ConfigError before there are answers."""
    desk, wanted = opened(visit)
    if desk is None:
        raise ConfigError(visit.words["review"]["none"], visit.words["review"]["none_advice"])
    return desk, wanted


def entry_of(desk: DeskIndex, name: str) -> Entry:
    """The answer of that id. Raises ConfigError."""
    found = desk.entry(name)
    if found is None:
        raise ConfigError("There is no such answer any more.", "Go back to the review desk.")
    return found


def note(visit: Visit, desk: DeskIndex, made: Decision, last: Decision | None) -> None:
    """Puts a decision into the log, unless the same reviewer's same one holds already: a key pressed twice."""
    repeated = last is not None and last == made.changed(when=last.when)
    if not repeated:
        append_decisions(visit.project.decisions, [made])
        desk.follow()


def edits(answer: Answer, text: str, reasoning: str, quotes: str, final: str) -> dict[str, Any]:
    """The fields that were changed."""
    given = {"text": text, "reasoning": reasoning, "final": final}
    found: dict[str, Any] = {
        name: value.strip().replace("\r\n", "\n")
        for name, value in given.items()
        if value.split() != getattr(answer, name).split()
    }
    if lines_of(quotes) != lines_of(one_a_line([quote.text for quote in answer.quotes])):
        found["quotes"] = lines_of(quotes)
    return found


def sample_of(desk: DeskIndex, wanted: Wanted) -> list[Entry]:
    """Some answers of a filter, spread over it by their ids: the same ones as long as they are undecided."""
    found = desk.some(wanted, f"1 ORDER BY substr(item.id, 7, 6) LIMIT {SAMPLE}")
    return sorted(found, key=lambda entry: sha256(entry.id.encode()).digest())


def seen(wanted: Wanted) -> Any:
    """The state to look back in: what waited may have been decided since."""
    return "all" if wanted.state in ("todo", "undecided", "common") else wanted.state


def show(
    visit: Visit, desk: DeskIndex, wanted: Wanted, entry: Entry | None, said: str, draft: dict[str, str] | None = None
) -> Response:
    """The desk, or the part of it that changes; `said` is told, `draft` is an edit to go on with."""
    query = query_of(wanted)
    values: dict[str, Any] = {
        "item": None if entry is None else item_of(visit, desk, entry),
        "query": query,
        "wanted": wanted,
        "said": said,
        "draft": draft,
        "progress": progress_of(desk, wanted),
        "reasons": REASONS,
        "missing_name": not visit.session.who,
    }
    address = f"/review?{query_of(wanted, entry.id if entry else '')}"
    if visit.partial:
        response = visit.page("review_item", **values)
        response.headers["HX-Push-Url"] = address
        return response
    if visit.request.method == "POST":
        return visit.to(address)
    return visit.page(
        "review",
        here="review",
        facets=desk.facets,
        count=desk.count_of(wanted),
        agreement=desk.agreement(),
        reviewers=wanted.reviewers,
        guidelines=review_views.guidelines_of(visit),
        **values,
    )
