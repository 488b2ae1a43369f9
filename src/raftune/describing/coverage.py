"""Which parts of a document examples rest on, which lost their questions, and which no question touches."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from raftune.records import Chunk, Document
from raftune.report_records import CoveredStretch, DocumentCoverage

State = Literal["used", "lost", "untouched", "outside"]
# Where chunks overlap, the better of their states counts.
ORDER: tuple[State, ...] = ("outside", "untouched", "lost", "used")
DIGITS = 4


class ChunkPlace(NamedTuple):
    """As much of a chunk as its document's coverage needs."""

    chunk: str
    start: int
    end: int
    pages: tuple[int, ...]


def place_of(chunk: Chunk) -> ChunkPlace:
    """Where a chunk stands."""
    return ChunkPlace(chunk.id, chunk.start, chunk.end, chunk.pages)


def coverage_of(
    document: Document,
    name: str,
    places: Sequence[ChunkPlace],
    questions: Mapping[str, int],
    examples: Mapping[str, int],
) -> DocumentCoverage:
    """A document's coverage by its chunks; `questions` and `examples` are counts by chunk."""
    states = {place.chunk: state_of(place.chunk, questions, examples) for place in places}
    edges = page_edges(document)
    stretches = tuple(
        CoveredStretch(start=start, end=end, pages=pages_between(edges, start, end), state=state)
        for start, end, state in merged(sweep(len(document.text), places, states), document.text)
    )
    used = sum(one.end - one.start for one in stretches if one.state == "used")
    busy = {page for one in stretches if one.state in {"used", "lost"} for page in one.pages}
    return DocumentCoverage(
        document=document.id,
        name=name,
        characters=len(document.text),
        pages=len(document.pages),
        questions=sum(questions.get(place.chunk, 0) for place in places),
        examples=sum(examples.get(place.chunk, 0) for place in places),
        used=round(used / len(document.text), DIGITS) if document.text else 0.0,
        stretches=stretches,
        idle=tuple(place.chunk for place in places if states[place.chunk] == "untouched"),
        idle_pages=tuple(page.number for page in document.pages if page.text.strip() and page.number not in busy),
    )


def state_of(chunk: str, questions: Mapping[str, int], examples: Mapping[str, int]) -> State:
    """What became of a chunk's questions."""
    return "used" if examples.get(chunk) else "lost" if questions.get(chunk) else "untouched"


def sweep(length: int, places: Sequence[ChunkPlace], states: Mapping[str, State]) -> Iterator[tuple[int, int, State]]:
    """The text cut wherever a chunk begins or ends, each piece with the best state of the chunks over it."""
    changes: dict[int, Counter[State]] = {0: Counter(), length: Counter()}
    for place in places:
        for edge, step in ((place.start, 1), (place.end, -1)):
            changes.setdefault(edge, Counter())[states[place.chunk]] += step
    over: Counter[State] = Counter()
    for start, end in pairwise(sorted(changes)):
        over.update(changes[start])
        yield start, end, max((state for state in over if over[state] > 0), key=ORDER.index, default="outside")


def merged(pieces: Iterator[tuple[int, int, State]], text: str) -> list[tuple[int, int, State]]:
    """Neighbouring pieces of one state as one; white space between chunks belongs to the piece before it."""
    found: list[tuple[int, int, State]] = []
    for start, end, state in pieces:
        blank = state == "outside" and not text[start:end].strip()
        if found and (blank or found[-1][2] == state):
            found[-1] = (found[-1][0], end, found[-1][2])
        elif start < end:
            found.append((start, end, state))
    return found


def page_edges(document: Document) -> list[tuple[int, int, int]]:
    """(number, start, end) of each page in the document's text."""
    lengths = [len(page.text) for page in document.pages]
    starts = accumulate(lengths[:-1], lambda start, length: start + length + 1, initial=0)
    return [(page.number, start, start + len(page.text)) for page, start in zip(document.pages, starts, strict=False)]


def pages_between(edges: Sequence[tuple[int, int, int]], start: int, end: int) -> tuple[int, ...]:
    """The numbers of the pages that the characters [start, end) stand on; `edges` are in order."""
    first = max(0, bisect_right(edges, start, key=itemgetter(1)) - 1)
    last = bisect_left(edges, end, key=itemgetter(1))
    return tuple(number for number, begin, stop in edges[first:last] if max(start, begin) < min(end, stop))


def cells_of(stretches: Sequence[CoveredStretch], count: int) -> list[State]:
    """The document in so many equal cells, each the state of most of its characters; [] where it is empty."""
    length = stretches[-1].end if stretches else 0
    shares: list[dict[State, float]] = [{} for _ in range(count if length else 0)]
    for one in stretches:
        for cell in range(one.start * count // length, -(-one.end * count // length)):
            part = min(one.end, (cell + 1) * length / count) - max(one.start, cell * length / count)
            shares[cell][one.state] = shares[cell].get(one.state, 0.0) + part
    return [max(share, key=share.__getitem__) for share in shares]
