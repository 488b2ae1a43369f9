"""A description of the training set for the page: bars, histograms and maps as shares of their width and height."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from raftune.describing.coverage import cells_of
from raftune.report_records import DatasetDescription, DocumentCoverage, FunnelStep, LengthSpread

MOST_DOCUMENTS = 60
MOST_BOXES = 250
GAP = 0.06  # of a column's width, left free between columns


@dataclass(frozen=True)
class Bar:
    """A count and its share of the largest, in percent."""

    label: str
    count: int
    percent: float


@dataclass(frozen=True)
class StepView:
    """Rows after a stage, and what it left out, the most common reason first."""

    bar: Bar
    rejected: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle in percent of the chart, its top left corner first; `state` names its colour."""

    left: float
    top: float
    width: float
    height: float
    state: str = ""


@dataclass(frozen=True)
class LengthView:
    """Quantiles of one sort of text, its histogram, and where the histogram's axis ends."""

    spread: LengthSpread
    boxes: tuple[Box, ...]
    end: int


@dataclass(frozen=True)
class CoverageView:
    """A document, the map of its parts, and its pages without questions as ranges."""

    coverage: DocumentCoverage
    boxes: tuple[Box, ...]
    idle_pages: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DatasetView:
    """Everything the section about the training set draws."""

    examples: int
    funnel: tuple[StepView, ...]
    kinds: tuple[Bar, ...]
    languages: tuple[Bar, ...]
    tiers: tuple[Bar, ...]
    lengths: tuple[LengthView, ...]
    positions: tuple[Bar, ...]
    hidden: Bar
    used: float
    coverage: tuple[CoverageView, ...]
    more: int


def dataset_view(found: DatasetDescription) -> DatasetView:
    """The description for drawing; of many documents those that are used least."""
    total = sum(one.characters for one in found.coverage)
    *positions, hidden = bars([*((str(n), count) for n, count in enumerate(found.positions, 1)), ("", found.hidden)])
    shown = sorted(found.coverage, key=lambda one: one.used) if len(found.coverage) > MOST_DOCUMENTS else found.coverage
    return DatasetView(
        examples=sum(cell.examples for cell in found.counts),
        funnel=tuple(steps(found.funnel)),
        kinds=summed((cell.kind, cell.examples) for cell in found.counts),
        languages=summed((cell.language, cell.examples) for cell in found.counts),
        tiers=tuple(bars(found.tiers)),
        lengths=tuple(length_view(spread) for spread in found.lengths),
        positions=tuple(positions),
        hidden=hidden,
        used=100 * sum(one.used * one.characters for one in found.coverage) / total if total else 0.0,
        coverage=tuple(coverage_view(one) for one in shown[:MOST_DOCUMENTS]),
        more=max(0, len(found.coverage) - MOST_DOCUMENTS),
    )


def bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """A bar a count."""
    most = max((count for _, count in counts), default=0) or 1
    return [Bar(label, count, round(100 * count / most, 2)) for label, count in counts]


def summed(counts: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    """A bar a label, the most common first."""
    totals: Counter[str] = Counter()
    for label, count in counts:
        totals[label] += count
    return tuple(bars(totals.most_common()))


def steps(funnel: Sequence[FunnelStep]) -> Iterator[StepView]:
    """The funnel's bars and reasons."""
    for step, bar in zip(funnel, bars([(step.stage, step.rows) for step in funnel]), strict=True):
        yield StepView(bar, tuple(sorted(step.rejected, key=lambda item: (-item[1], item[0]))))


def length_view(spread: LengthSpread) -> LengthView:
    """A histogram whose highest column is as high as the chart."""
    most, width = max(spread.bars, default=0) or 1, 100 / (len(spread.bars) or 1)
    boxes = tuple(
        Box(round(place * width, 2), round(100 - height, 2), round(width * (1 - GAP), 2), round(height, 2))
        for place, count in enumerate(spread.bars)
        if (height := 100 * count / most)
    )
    return LengthView(spread, boxes, len(spread.bars) * spread.width)


def coverage_view(found: DocumentCoverage) -> CoverageView:
    """The map of a document from its beginning on the left to its end on the right, coarser where it changes often."""
    length = found.characters or 1
    if len(found.stretches) > MOST_BOXES:
        runs = [(state, len(list(run))) for state, run in groupby(cells_of(found.stretches, MOST_BOXES))]
        ends = list(accumulate(100 * count / MOST_BOXES for _, count in runs))
        spans = [(state, end - 100 * count / MOST_BOXES, end) for (state, count), end in zip(runs, ends, strict=True)]
    else:
        spans = [(one.state, 100 * one.start / length, 100 * one.end / length) for one in found.stretches]
    boxes = tuple(Box(round(start, 2), 0, round(end - start, 2), 100, state) for state, start, end in spans)
    return CoverageView(found, boxes, tuple(ranges(found.idle_pages)))


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each run."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
