"""What `raftune show example` prints: documents in order, the oracle marked, quotes lit, and what is to be learned."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from raftune.cli.layout import wrapped
from raftune.comparison import find_verbatim

if TYPE_CHECKING:
    from raftune.api import Project
    from raftune.desk import ShownExample
    from raftune.records import ContextDocument, Example, Quote

INDENT = 10
LIT, PLAIN = "\x1b[1;7m", "\x1b[0m"
MARKS = ("»", "«")


def show_example(project: "Project", start: str, *, as_json: bool) -> None:
    """Prints the only example whose id begins with `start`. Raises ConfigError."""
    from raftune import desk

    shown = desk.example(project, start)
    if as_json:
        typer.echo(json.dumps(facts_of(shown), ensure_ascii=False))
        return
    marks = (LIT, PLAIN) if sys.stdout.isatty() else MARKS
    for line in lines_of(shown, marks):
        typer.echo(line)


def lines_of(shown: "ShownExample", marks: tuple[str, str]) -> Iterator[str]:
    """The example for reading; quotes stand between the two marks."""
    example = shown.example
    kind = [example.split, example.behaviour, example.kind, example.language]
    yield from wrapped(example.id, INDENT, "example")
    yield from wrapped(", ".join(kind), INDENT, "kind")
    yield from wrapped(shown.place, INDENT, "from")
    if example.flags:
        yield from wrapped(", ".join(example.flags), INDENT, "flags")
    for number, document in enumerate(example.documents):
        oracle = number == example.oracle
        why = "★ oracle" if oracle else f"distractor, {document.tier}"
        place = shown.places[number]
        yield ""
        yield f"── document {number + 1} of {len(example.documents)}: {why}{' · ' + place if place else ''}"
        text = document.text
        yield from (lit(text, spans_in(example, document), marks) if oracle else text).split("\n")
    yield ""
    yield from wrapped(example.text, INDENT, "question")
    yield from wrapped("", 0, "target")
    yield from (f"  {line}" for line in shown.target.split("\n"))
    if example.final != example.reference:
        yield from wrapped(example.reference, INDENT, "in truth")


def spans_in(example: "Example", document: "ContextDocument") -> list[tuple[int, int]]:
    """Where the quotes from a document's chunk stand in it, in order, those that overlap as one."""
    spans: list[tuple[int, int]] = []
    found = (place_in(quote, document.text) for quote in example.quotes if quote.chunk == document.chunk)
    for start, end in sorted(span for span in found if span):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def place_in(quote: "Quote", text: str) -> tuple[int, int] | None:
    """The quote's own place, or where else its words stand in the text."""
    if text[quote.start : quote.end] == quote.text:
        return quote.start, quote.end
    return find_verbatim(quote.text, text)


def lit(text: str, spans: list[tuple[int, int]], marks: tuple[str, str]) -> str:
    """The text with marks around the spans; where they are a terminal's, around each line of them."""
    pieces, position = list[str](), 0
    between = f"{marks[1]}\n{marks[0]}" if marks[0] == LIT else "\n"
    for start, end in spans:
        pieces += [text[position:start], marks[0], text[start:end].replace("\n", between), marks[1]]
        position = end
    return "".join([*pieces, text[position:]])


def facts_of(shown: "ShownExample") -> dict[str, Any]:
    """The example for programs: its row, where each document stands, what is to be written."""
    row: dict[str, Any] = shown.example.to_row()
    return row | {"places": list(shown.places), "target": shown.target}
