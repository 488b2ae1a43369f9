"""raftune stats: what the training set is made of, in 80 columns."""

import json
from collections import Counter
from collections.abc import Iterator

import typer

from raftune.cli.bars import STATES, bar, columns_of, ranges, strip
from raftune.cli.layout import counted, fitted, wrapped
from raftune.cli.options import HERE, AsJson, Folder
from raftune.report_records import DatasetDescription, DocumentCoverage, LengthSpread

INDENT = 11
BAR = 30
STRIP = 32
NAME = 34
MOST_DOCUMENTS = 40


def stats(project: Folder = HERE, as_json: AsJson = False) -> None:
    """Show what the training set is made of.

    Counts, gates, lengths, places of the oracle, and which parts of which document no question touches.
    """
    from raftune import api, desk

    found = desk.description(api.open_project(project))
    if as_json:
        typer.echo(json.dumps(found.to_row(), ensure_ascii=False))
        return
    for line in lines_of(found):
        typer.echo(line)


def lines_of(found: DatasetDescription) -> Iterator[str]:
    """The whole description."""
    yield from count_lines(found)
    yield ""
    yield from funnel_lines(found)
    yield ""
    yield from length_lines(found.lengths)
    yield ""
    yield from position_lines(found)
    yield ""
    yield from coverage_lines(found.coverage)


def count_lines(found: DatasetDescription) -> Iterator[str]:
    """Examples by what they are."""
    total = sum(cell.examples for cell in found.counts)
    yield from wrapped(f"{total:,}: {sums(found, 'split')}", INDENT, "examples")
    for label, name in (("to learn", "behaviour"), ("kinds", "kind"), ("languages", "language")):
        yield from wrapped(sums(found, name), INDENT, label)
    shown = ", ".join(f"{count} in {counted(examples, 'example')}" for count, examples in found.shown)
    yield from wrapped(shown or "none", INDENT, "documents")
    if found.tiers:
        yield from wrapped(", ".join(f"{tier} {count:,}" for tier, count in found.tiers), INDENT, "chosen as")
    if found.flags:
        yield from wrapped(", ".join(f"{flag} {count:,}" for flag, count in found.flags), INDENT, "flags")


def sums(found: DatasetDescription, name: str) -> str:
    """Examples by one property, in the order of the counts for splits and the most common first for the others."""
    totals: Counter[str] = Counter()
    for cell in found.counts:
        totals[getattr(cell, name)] += cell.examples
    order = totals.items() if name == "split" else totals.most_common()
    return ", ".join(f"{value} {count:,}" for value, count in order) or "none"


def funnel_lines(found: DatasetDescription) -> Iterator[str]:
    """Rows of each stage, and under them what it left out."""
    yield "rows after"
    most = max((step.rows for step in found.funnel), default=0)
    for step in found.funnel:
        yield f"  {step.stage:<9}{step.rows:>9,} {bar(step.rows, most, BAR)}".rstrip()
        for reason, count in sorted(step.rejected, key=lambda item: -item[1]):
            yield from wrapped(reason, 23, f"{'-' + format(count, ','):>20}")


def length_lines(spreads: tuple[LengthSpread, ...]) -> Iterator[str]:
    """Quantiles and a small chart of each sort of text."""
    yield f"{'characters':<{INDENT}}{'5 %':>7}{'half':>8}{'95 %':>8}{'most':>9}"
    for spread in spreads:
        low, half, high, most = (spread.quantiles[place] for place in (1, 3, 5, 6))
        chart = columns_of(spread.bars)
        yield f"  {spread.sort:<9}{low:>7,}{half:>8,}{high:>8,}{most:>9,}  {chart}".rstrip()


def position_lines(found: DatasetDescription) -> Iterator[str]:
    """How often the oracle stands first, second, ..., and how often it is not shown."""
    yield "oracle at"
    most = max((*found.positions, found.hidden), default=0)
    for place, count in enumerate(found.positions, 1):
        yield f"  {place:<9}{count:>9,} {bar(count, most, BAR)}".rstrip()
    yield f"  {'not shown':<9}{found.hidden:>9,} {bar(found.hidden, most, BAR)}".rstrip()


def coverage_lines(coverage: tuple[DocumentCoverage, ...]) -> Iterator[str]:
    """A line a document: the share that examples rest on and a map of it; of many, those least used."""
    marks = "  ".join(f"{mark} {state}" for state, mark in STATES.items() if mark != " ")
    characters = sum(one.characters for one in coverage)
    used = sum(one.used * one.characters for one in coverage) / characters if characters else 0.0
    yield from wrapped(f"{used:.0%} of {counted(characters, 'character')}; {marks}", INDENT, "coverage")
    shown = sorted(coverage, key=lambda one: one.used)[:MOST_DOCUMENTS] if len(coverage) > MOST_DOCUMENTS else coverage
    for one in shown:
        yield f"  {fitted(one.name, NAME)} {one.used:>5.0%} |{fitted(strip(one.stretches, STRIP), STRIP)}|"
        if one.idle_pages:
            yield from wrapped(f"no question on {pages_words(one)}", 4)
    if len(shown) < len(coverage):
        yield f"  and {len(coverage) - len(shown):,} more that are used more: raftune stats --json"


def pages_words(one: DocumentCoverage) -> str:
    """The pages without questions: page 3, pages 1-3, or all pages."""
    if len(one.idle_pages) == one.pages > 1:
        return f"any of its {one.pages:,} pages"
    return f"{'page' if len(one.idle_pages) == 1 else 'pages'} {ranges(one.idle_pages)}"
