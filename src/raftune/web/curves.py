"""Loss and accuracy by step as lines of an SVG picture: points, axes, and what stands beside them."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 600.0, 200.0
MOST_POINTS = 400
NAMES = {
    "train_loss": "train_loss",
    "valid_loss": "valid_loss",
    "train_mean_token_accuracy": "train_accuracy",
    "valid_mean_token_accuracy": "valid_accuracy",
}
"""Columns of metrics.csv, and what they are called in the figures of a run that goes on."""
Figures = Mapping[int, Mapping[str, float]]
"""By step."""


@dataclass(frozen=True)
class Line:
    """A curve: its run and sort, SVG points, and dots where there are few."""

    run: int
    sort: str
    points: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Chart:
    """Curves in one frame of 600 by 200, y downwards; `ticks` are (y, value)."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, float], ...]
    first: int
    last: int


def figures_of_file(path: Path) -> Figures:
    """The figures of a run that ended (metrics.csv) or goes on (figures.jsonl); nothing where there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return {int(row["step"]): of_row(row) for row in csv.DictReader(file)}
        rows = [row for line in file if (row := whole(line))]
        return {int(row["step"]): {name: value for name, value in row.items() if name != "step"} for row in rows}


def of_row(row: Mapping[str, str]) -> dict[str, float]:
    """The figures of a line of metrics.csv."""
    return {name: float(row[column]) for column, name in NAMES.items() if row.get(column)}


def whole(line: str) -> dict[str, float]:
    """A line of figures; {} for one that is just being written."""
    try:
        found: dict[str, float] = json.loads(line)
    except ValueError:
        return {}
    return found


def chart(runs: Sequence[Figures], sorts: Sequence[str]) -> Chart | None:
    """The curves of runs in one frame; None where nothing was measured."""
    curves = [
        (number, sort, [(step, figures[sort]) for step, figures in sorted(run.items()) if sort in figures])
        for number, run in enumerate(runs)
        for sort in sorts
    ]
    points = [point for _, _, curve in curves for point in curve]
    if not points:
        return None
    steps, values = [step for step, _ in points], [value for _, value in points]
    first, last, low, high = min(steps), max(steps), min(values), max(values)

    def place(step: int, value: float) -> tuple[float, float]:
        across, down = (step - first) / ((last - first) or 1), (high - value) / ((high - low) or 1)
        return round(WIDTH * across, 1), round(HEIGHT * down, 1)

    lines = tuple(
        line(number, sort, [place(*point) for point in thinned(curve)]) for number, sort, curve in curves if curve
    )
    ticks = tuple((place(first, value)[1], value) for value in (high, (low + high) / 2, low))
    return Chart(lines, ticks, first, last)


def line(number: int, sort: str, placed: Sequence[tuple[float, float]]) -> Line:
    """A curve by its points."""
    return Line(number, sort, " ".join(f"{x},{y}" for x, y in placed), tuple(placed) if len(placed) <= 12 else ())


def thinned(curve: Sequence[tuple[int, float]]) -> Iterable[tuple[int, float]]:
    """At most so many points, the last one among them."""
    every = -(-len(curve) // MOST_POINTS)
    return [*curve[::every], *(curve[-1:] if (len(curve) - 1) % every else [])]
