"""The chat page: the tuned model and its base side by side, with the passages they were shown and their quotes."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi import Path as Piece
from starlette.responses import Response

from raftune.answering import PlacedQuote
from raftune.errors import ConfigError
from raftune.reviewing.log import append_decisions
from raftune.web.asking import LONGEST, SIDES, Side, Turn, opinion
from raftune.web.events import live
from raftune.web.page_views import page_view
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/chat")
Name = Annotated[str, Piece(pattern="^[0-9a-f]{16}$")]


@router.get("")
def chat(visit: TheVisit) -> Response:
    """The conversation so far, the latest question first."""
    turns = list(reversed(visit.cockpit.asker.turns.values()))
    ready = bool(visit.project.journal.last("train"))
    return visit.page("chat", here="chat", turns=turns, sides=SIDES, ready=ready)


@router.post("")
def ask(visit: TheVisit, question: Annotated[str, Form(max_length=LONGEST)] = "") -> Response:
    """Asks both models."""
    turn = visit.cockpit.asker.ask(question)
    if visit.partial:
        return visit.page("chat_turn", turn=turn, sides=SIDES)
    return visit.to("/chat")


@router.get("/{name}/events")
def events(visit: TheVisit, name: Name) -> Response:
    """The replies as they come."""
    turn = turn_of(visit, name)
    return live(visit.request, lambda: drawn(visit, turn), 0.2)


@router.get("/{name}/quote")
def quote(visit: TheVisit, name: Name, side: Side, number: Annotated[int, Query(ge=0, le=100)]) -> Response:
    """The page with a quote lit."""
    found = quotes_of(turn_of(visit, name), side)[number : number + 1]
    chunk = visit.cockpit.library.chunk(visit.project, found[0].chunk or "") if found else None
    if not found or chunk is None:
        raise ConfigError(visit.words["chat"]["no_quote"], visit.words["refused"]["back"])
    spans = [(chunk, found[0].start, found[0].end)]
    view = page_view(visit.project, visit.cockpit.library, chunk.document, spans)
    return visit.page("chat_quote", here="chat", view=view, quote=found[0])


@router.post("/{name}/vote")
def vote(
    visit: TheVisit,
    name: Name,
    side: Annotated[Side, Form()],
    verdict: Annotated[Literal["up", "down"], Form()],
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Puts what a person thinks of a reply into the log of decisions."""
    turn = turn_of(visit, name)
    made = opinion(turn, side, verdict, note.strip(), visit.who, visit.now)
    append_decisions(visit.project.decisions, [made])
    turn.votes[side] = verdict
    return visit.page("chat_reply", turn=turn, side=side) if visit.partial else visit.to("/chat")


def drawn(visit: Visit, turn: Turn) -> tuple[str, bool]:
    """The replies as they are now, and whether they are whole."""
    done = turn.done
    return visit.html("chat_replies", turn=turn, sides=SIDES), done


def turn_of(visit: Visit, name: str) -> Turn:
    """The turn of that name. Raises ConfigError where it is gone."""
    found = visit.cockpit.asker.turns.get(name)
    if found is None:
        raise ConfigError(visit.words["chat"]["gone"], visit.words["refused"]["back"])
    return found


def quotes_of(turn: Turn, side: Side) -> tuple[PlacedQuote, ...]:
    """The quotes of a reply that is whole."""
    grounded = turn.replies[side].grounded
    return () if grounded is None else grounded.quotes
