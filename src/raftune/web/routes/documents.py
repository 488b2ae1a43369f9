"""The documents page: what was read and how; and each page beside its text, its passages and their questions."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as Piece
from starlette.responses import Response

from raftune import api
from raftune.desk import description
from raftune.errors import ConfigError
from raftune.overview import files_of, totals_of
from raftune.records import Document
from raftune.report_records import DocumentCoverage
from raftune.web.page_views import page_view
from raftune.web.pictures import picture
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/documents")
Id = Annotated[str, Piece(pattern="^[0-9a-f]{20}$")]
Number = Annotated[int, Piece(ge=1, le=1_000_000)]
DAY = "private, max-age=86400"


@router.get("")
def documents(visit: TheVisit) -> Response:
    """All files with pages, how they were read, and what is wrong with them."""
    try:
        read = visit.cockpit.library.read(visit.project)
    except ConfigError:
        return visit.page("documents", here="documents", files=None, totals=None, documents={}, coverage={})
    rejects = api.stored(visit.project, "ingest").rejects()
    known = files_of((document for _, document in read), rejects, api.sources_now(visit.project))
    covered = {one.document: one for one in coverage(visit)}
    return visit.page(
        "documents",
        here="documents",
        files=known,
        totals=totals_of(known),
        documents=ids_of(read),
        coverage=covered,
    )


@router.get("/{document}/pages/{number}")
def page(visit: TheVisit, document: Id, number: Number, chunk: Annotated[str, Query(max_length=20)] = "") -> Response:
    """One page beside its text and its passages; `chunk` is lit."""
    library, project = visit.cockpit.library, visit.project
    passages = library.latest(project, "chunk")
    below = passages.below(document) if passages is not None else []
    spans = [(one, 0, len(one.text)) for one in below if one.id == chunk]
    view = page_view(project, library, document, spans, number)
    here = [one for one in below if number in one.pages]
    questions = library.latest(project, "verify") or library.latest(project, "answer")
    asked = {one.id: questions.below(one.id) if questions is not None else [] for one in here}
    covered = next((one for one in coverage(visit) if one.document == document), None)
    return visit.page("document", here="documents", view=view, chunks=here, asked=asked, chunk=chunk, coverage=covered)


@router.get("/{document}/pages/{number}/picture")
def page_picture(visit: TheVisit, document: Id, number: Number) -> Response:
    """A page's picture."""
    found = visit.cockpit.library.document(visit.project, document)
    if found is None:
        raise ConfigError("There is no such page to draw.", "Only the pages of PDF files have pictures.")
    data, kind = picture(visit.project, found[1], number, visit.cockpit.state / "pages")
    return Response(data, media_type=kind, headers={"Cache-Control": DAY})


def ids_of(read: list[tuple[str, Document]]) -> dict[str, list[tuple[str, str, int]]]:
    """By file: id, part and first page of each document in it."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for name, document in read:
        first = document.pages[0].number if document.pages else 1
        found.setdefault(document.path, []).append((name, document.part, first))
    return found


def coverage(visit: Visit) -> tuple[DocumentCoverage, ...]:
    """Which parts of each document have questions; nothing before the training set was described."""
    try:
        return description(visit.project).coverage
    except ConfigError:
        return ()
