"""A page's words -> Markdown with the boxes of its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from raftune.reading.pdf.columns import reading_order
from raftune.reading.pdf.flows import beside_figures
from raftune.reading.pdf.furniture import Key, sideways_runs
from raftune.reading.pdf.paragraphs import Line, Paragraph, lines_from, paragraphs_of, widest_pitches
from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import Segment, segments_of, words_text
from raftune.reading.pdf.tables import Cell, Table, ruled_tables
from raftune.reading.pdf.unruled import unruled_tables
from raftune.reading.pdf.words import Word
from raftune.reading.pdf.writer import Writer

CONTINUED = ("continued", "(continued)", "계속", "(계속)")


@dataclass(frozen=True)
class Surroundings:
    """What a page is read against: the size of running text, running lines, and the words of its neighbours."""

    body: float
    running: set[Key]
    vocabulary: frozenset[str]


@dataclass
class Tail:
    """How the page before ended: the header of a table that its last rows belong to, or None."""

    header: tuple[str, ...] | None = None


def blocks_of(words: Sequence[Word], rules: Rules) -> list[Segment | Table]:
    """Upright words as segments and tables, in reading order."""
    tables, rest = ruled_tables([word for word in words if not word.turned], rules)
    items: list[Segment | Table] = [*segments_of(rest), *tables]
    blocks = reading_order(items)
    return [item for block in blocks for item in unruled_tables(beside_figures(block), rules)]


def write_page(
    words: Sequence[Word], rules: Rules, around: Surroundings, tail: Tail, *, footnote_marks: bool
) -> Writer:
    """The page's own words as Markdown, what stands sideways last.

    A table that goes on from the page before does not repeat its header: `tail` is read and set.
    """
    writer = Writer(around.vocabulary, footnote_marks=footnote_marks)
    parts = parts_of(blocks_of(words, rules))
    parts += [Paragraph((Line(tuple(run)),)) for run in sideways_runs(words)]
    begins_with_rows = goes_on(parts, tail)
    if begins_with_rows:
        first = next(number for number, part in enumerate(parts) if isinstance(part, Table))
        writer.left_out = " ".join(part_text(part) for part in parts[: first + 1])
        parts = parts[first:]
    if len(parts) > 1 and isinstance(parts[-2], Table) and part_text(parts[-1]).lower() in CONTINUED:
        writer.left_out += f" {part_text(parts.pop())}"
    for number, part in enumerate(parts):
        bare = number == 0 and begins_with_rows
        if number:
            writer.raw("\n\n")
        if isinstance(part, Table):
            write_table(writer, part, with_header=not bare)
        else:
            write_paragraph(writer, part, around.body)
    last = parts[-1] if parts else None
    tail.header = header_texts(last) if isinstance(last, Table) else None
    return writer


def parts_of(items: Sequence[Segment | Table]) -> list[Paragraph | Table]:
    """Tables, and the paragraphs between them."""
    parts: list[Paragraph | Table] = []
    run: list[Segment] = []
    pitches = widest_pitches(lines_from([item for item in items if isinstance(item, Segment)]))
    for item in items:
        if isinstance(item, Segment):
            run.append(item)
            continue
        parts += [*paragraphs_of(lines_from(run), pitches), item]
        run = []
    return parts + list(paragraphs_of(lines_from(run), pitches))


def part_text(part: Paragraph | Table) -> str:
    """A paragraph's text, or that of a table's caption and header."""
    if isinstance(part, Paragraph):
        return words_text(part.words)
    return words_text(word for line in (*part.caption, *part.header) for word in line)


def header_texts(table: Table) -> tuple[str, ...]:
    """A table's header as text."""
    return tuple(words_text(cell) for cell in table.header)


def goes_on(parts: Sequence[Paragraph | Table], tail: Tail) -> bool:
    """Whether the page begins with more rows of the table that the page before ended with."""
    tables = [number for number, part in enumerate(parts[:2]) if isinstance(part, Table)]
    if tail.header is None or not tables:
        return False
    before, table = parts[: tables[0]], parts[tables[0]]
    if not isinstance(table, Table) or any(not is_continued(part) for part in before):
        return False
    header = header_texts(table)
    return header == tail.header or (len(header) == len(tail.header) and not any(header))


def is_continued(part: Paragraph | Table) -> bool:
    """Whether a paragraph only says that a table goes on."""
    return isinstance(part, Paragraph) and words_text(part.words).lower().strip().endswith(CONTINUED)


def write_paragraph(writer: Writer, paragraph: Paragraph, body: float) -> None:
    """A heading, list item or paragraph."""
    mark, words = paragraph.mark(body), paragraph.words
    writer.raw(mark)
    if mark == "- ":
        rest = words[0].text[1:]
        words = ([words[0]._replace(text=rest)] if rest else []) + words[1:]
    writer.words(words)


def write_table(writer: Writer, table: Table, *, with_header: bool) -> None:
    """A table; its caption stands before it as a paragraph."""
    if with_header:
        if table.caption:
            writer.words([word for line in table.caption for word in line])
            writer.raw("\n\n")
        write_row(writer, table.header)
        writer.raw("\n|" + " --- |" * len(table.header) + "\n")
    for number, row in enumerate(table.rows):
        writer.raw("\n" if number else "")
        write_row(writer, row)


def write_row(writer: Writer, cells: Sequence[Cell]) -> None:
    """A row on one line."""
    writer.raw("|")
    for cell in cells:
        writer.raw(" ")
        writer.words(cell, escape=True)
        writer.raw(" |" if cell else "|")
