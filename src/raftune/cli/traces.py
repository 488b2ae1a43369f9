"""What `raftune show page`, `chunk` and `quote` print and draw."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from raftune.cli.layout import counted, wrapped
from raftune.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raftune.api import Project
    from raftune.records import Document
    from raftune.tracing.places import Place
    from raftune.tracing.rows import Trace

AROUND = 240  # characters of text shown before and after a quote that stands on no picture
INDENT = 10
QUOTED = ("review", "answer", "assemble")


def show_page(project: "Project", name: str, number: int, image: Path | None, *, as_json: bool) -> None:
    """Prints a page as it was read, and draws it where `image` is given. Raises ConfigError, DocumentError."""
    from raftune import api
    from raftune.tracing.places import Place
    from raftune.tracing.rows import label_of

    document = api.find_document(project, name)
    page = next((page for page in document.pages if page.number == number), None)
    if page is None:
        raise ConfigError(f"{label_of(document)} has no page {number}.", f"It has {len(document.pages)}.")
    drawn = [] if image is None else [write_picture(project, document, Place(number, page.way), image)]
    if as_json:
        facts = {"file": document.path, "part": document.part, **page.model_dump(mode="json")}
        print_json(facts | {"pictures": [str(path) for path in drawn]})
        return
    field("file", label_of(document))
    field("page", f"{number} of {len(document.pages)}, read as {page.way}")
    for warning in page.warnings:
        field("warning", warning)
    for label, text in (("running", page.running), ("hidden", page.hidden)):
        if text:
            field(label, text)
    for path in drawn:
        field("picture", str(path))
    typer.echo(f"\n{page.text}")


def show_chunk(project: "Project", start: str, image: Path | None, *, as_json: bool) -> None:
    """Prints a passage and where it stands, and draws its pages where `image` is given."""
    from raftune import api
    from raftune.tracing.rows import label_of

    row = api.find_row(project, start, ("chunk",))
    trace = api.locate(project, row)[0]
    drawn = [] if image is None else write_pictures(project, trace, image)
    chunk, tokens = trace.chunk, api.token_count(project)(trace.text)
    if as_json:
        spans = chunk.document_spans(0, len(chunk.text))
        print_json(chunk.to_row() | {"tokens": tokens, "document_spans": spans} | places_json(trace, drawn))
        return
    field("passage", chunk.id)
    field("file", label_of(trace.document))
    field("pages", pages_words(trace.places))
    if chunk.headings:
        field("headings", " > ".join(chunk.headings))
    field("size", f"{counted(tokens, 'token')} of the student, {counted(len(chunk.text), 'character')}")
    field("span", span_words(chunk.start, chunk.end, chunk.header))
    for path in drawn:
        field("picture", str(path))
    typer.echo(f"\n{chunk.text}")


def show_quote(project: "Project", name: str, image: Path | None, *, as_json: bool) -> None:
    """Prints a quote (ID, or ID#2 for the second) with its question, and draws its page with the quote lit.

    Where the source has no pages to draw, the text around the quote is printed.
    """
    from raftune import api
    from raftune.tracing.rows import label_of

    start, number = split_name(name)
    row: Any = api.find_row(project, start, QUOTED)
    traces = api.locate(project, row)
    if number > len(traces):
        raise ConfigError(f"{start} has no quote {number}.", f"It has {len(traces)}.")
    trace = traces[number - 1]
    target = image or Path(f"quote-{name.replace('#', '-')}.png")
    drawn = write_pictures(project, trace, target) if trace.drawn else []
    if as_json:
        facts = {
            "id": row.id,
            "question": row.text,
            "quote": trace.text,
            "answer": row.final,
            "file": trace.document.path,
        }
        print_json(facts | {"part": trace.document.part, "chunk": trace.chunk.id} | places_json(trace, drawn))
        return
    field("question", row.text)
    field("quote", f"“{trace.text}”")
    field("answer", row.final)
    field("file", label_of(trace.document))
    field("page", pages_words(trace.places))
    for path in drawn:
        field("picture", str(path))
    if len(traces) > 1 and "#" not in name:
        field("more", f"{counted(len(traces), 'quote')}: the next is {start}#2")
    print_around(trace)


def print_around(trace: "Trace") -> None:
    """Where there is no picture with the quote lit, says why and prints the text around it."""
    from raftune.tracing.rows import around

    if trace.drawn and any(place.rectangles for place in trace.places):
        return
    kind = Path(trace.document.path).suffix.lstrip(".").upper() or "this kind of file"
    why = "The boxes of its words are not known, so nothing is lit" if trace.drawn else f"{kind} has no pages to draw"
    before, after = around(trace, AROUND)
    typer.echo(f"\n{why}. The text around the quote:\n")
    typer.echo(f"{before}>>>{trace.text}<<<{after}")


def split_name(name: str) -> tuple[str, int]:
    """The beginning of an id and the quote's number of ID#NUMBER. Raises ConfigError."""
    start, _, number = name.partition("#")
    if number and not (number.isdecimal() and int(number)):
        raise ConfigError(f"{name!r} names no quote.", "Write ID, or ID#2 for its second quote.")
    return start, int(number or 1)


def write_pictures(project: "Project", trace: "Trace", image: Path) -> list[Path]:
    """Draws every page of a trace, its words lit: the first to `image`, others beside it with their page's number."""
    return [
        write_picture(
            project, trace.document, place, image.with_stem(f"{image.stem}-{place.page}") if number else image
        )
        for number, place in enumerate(trace.places)
    ]


def write_picture(project: "Project", document: "Document", place: "Place", image: Path) -> Path:
    """Draws a page. Raises ConfigError where the file cannot be written, or the source has no pages to draw."""
    from raftune import api

    drawn = api.page_image(project, document, place)
    try:
        image.write_bytes(drawn)
    except OSError as error:
        raise ConfigError(f"{image} cannot be written ({error.strerror}).", "Name another file by --image.") from error
    return image


def pages_words(places: "Sequence[Place]") -> str:
    """Pages and the ways they were read: 3 (text), 4 (ocr)."""
    return ", ".join(f"{place.page} ({place.way})" for place in places) or "none"


def span_words(start: int, end: int, header: tuple[int, int] | None) -> str:
    """Where a passage stands in its document's text."""
    repeated = "" if header is None else f", the table's header {header[0]:,} to {header[1]:,} repeated"
    return f"characters {start:,} to {end:,} of the document{repeated}"


def places_json(trace: "Trace", drawn: list[Path]) -> dict[str, Any]:
    """Where a trace stands, for programs: coordinates in points from the page's top left corner."""
    places = [
        asdict(place) | {"rectangles": [[round(edge, 1) for edge in box] for box in place.rectangles]}
        for place in trace.places
    ]
    return {"places": places, "pictures": [str(path) for path in drawn]}


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on a line."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def field(label: str, text: str) -> None:
    """A labelled text in 80 columns."""
    for line in wrapped(text, INDENT, label):
        typer.echo(line)
