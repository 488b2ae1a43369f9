"""Pictures of ablations: means with 95 % intervals as SVG, beside the JSON that they are drawn from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from raftune.replication.words import SHORT, percent

LEFT, WIDTH, HEIGHT, TOP = 58, 520, 260, 84
COLOURS = ("#1b6ca8", "#c1542d", "#3c8d40", "#7a4fa0", "#8a6d1d", "#555555")
SHARE, TRAINED = re.compile(r"P=(.+)"), re.compile(r"n=(\d+) k=(\d+)")
Line = tuple[str, Mapping[str, Mapping[str, Any]]]
"""A name and, by place on the axis, a mean: `value`, `low` and `high` from 0 to 1."""


@dataclass(frozen=True)
class Picture:
    """A chart: its places from left to right, what they are, and a line for each series."""

    name: str
    title: str
    axis: str
    places: Sequence[str]
    lines: Sequence[Line]


def write_pictures(folder: Path, found: dict[str, Any]) -> list[Path]:
    """NAME.json and a picture for each ablation in it; equal results give equal bytes. Returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{found['benchmark']}.json"]
    written[0].write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for picture in pictures_of(found):
        written.append(folder / f"{found['benchmark']}-{picture.name}.svg")
        written[-1].write_text(svg(picture), encoding="utf-8")
    return written


def pictures_of(found: dict[str, Any]) -> Iterator[Picture]:
    """What there is to draw."""
    systems: dict[str, dict[str, Any]] = found["ablations"].get("systems", {})
    metrics = [metric for metric in found["metrics"] if metric != "format"]
    subject = f"{found['title']}, {found['student']}"
    if "no reasoning" in systems:
        both = {"with": systems["tuned"], "without": systems["no reasoning"]}
        yield Picture("reasoning", f"{subject}: quotes and reasoning before the answer", "", *by_metric(both, metrics))
    shares = {match[1]: row for name, row in systems.items() if (match := SHARE.fullmatch(name))}
    if shares:
        title = f"{subject}: share of training questions shown their document"
        yield Picture("oracle-share", title, "P", *by_metric(shares, metrics))
    counts = {match[1]: match for name in systems if (match := TRAINED.fullmatch(name))}
    for metric in metrics if counts else ():
        lines = [(f"trained with {n}", by_count(systems, n, metric)) for n in counts]
        if any(line for _, line in lines):
            places = list(dict.fromkeys(place for _, line in lines for place in line))
            title = f"{subject}: {SHORT[metric]} by distractors shown"
            yield Picture(f"distractors-{metric.replace('_', '-')}", title, "distractors when asked", places, lines)


def by_metric(places: Mapping[str, dict[str, Any]], metrics: Sequence[str]) -> tuple[list[str], list[Line]]:
    """The places, and a line for each metric that they have."""
    lines = [
        (SHORT[metric], {place: row[metric] for place, row in places.items() if metric in row}) for metric in metrics
    ]
    return list(places), [line for line in lines if line[1]]


def by_count(systems: Mapping[str, dict[str, Any]], trained: str, metric: str) -> dict[str, Any]:
    """The means of a student that was trained with so many distractors, by how many it was shown."""
    found = {
        match[2]: row for name, row in systems.items() if (match := TRAINED.fullmatch(name)) and match[1] == trained
    }
    return {count: row[metric] for count, row in found.items() if metric in row}


def svg(picture: Picture) -> str:
    """A picture as text; the axis goes from 0 to 100 %."""
    size = f"0 0 {LEFT + WIDTH + 30} {TOP + HEIGHT + 58}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" font-family="sans-serif" font-size="13" '
        f'fill="#333"><title>{escape(picture.title)}</title><rect width="100%" height="100%" fill="#fff"/>'
    )
    parts = [head, f'<text x="{LEFT}" y="22" font-weight="600">{escape(picture.title)}</text>']
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = height(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent(value)[:-2]} %</text>')
    for place in picture.places:
        x, y = across(picture, place, 0), TOP + HEIGHT + 20
        parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{escape(place)}</text>')
    parts.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 44}" text-anchor="middle">{picture.axis}</text>')
    for number, line in enumerate(picture.lines):
        parts += drawn(picture, number, line)
    return "\n".join([*parts, "</svg>"]) + "\n"


def drawn(picture: Picture, number: int, line: Line) -> list[str]:
    """A line with its intervals, and its name above the chart. Lines stand a little beside each other."""
    name, means = line
    colour, shift = COLOURS[number % len(COLOURS)], 5 * (number - (len(picture.lines) - 1) / 2)
    points = [(across(picture, place, shift), means[place]) for place in picture.places if place in means]
    corners = " ".join(f"{x:.1f},{height(mean['value']):.1f}" for x, mean in points)
    x, y = LEFT + 178 * (number % 3), 46 + 20 * (number // 3)
    parts = [
        f'<path d="M{x} {y - 4}h20" stroke="{colour}" stroke-width="2"/>',
        f'<text x="{x + 26}" y="{y}">{escape(name)}</text>',
        f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="2"/>',
    ]
    for x_point, mean in points:
        parts.append(f'<circle cx="{x_point:.1f}" cy="{height(mean["value"]):.1f}" r="3.5" fill="{colour}"/>')
        if mean["low"] is not None:
            ends = f"M{x_point:.1f} {height(mean['low']):.1f}V{height(mean['high']):.1f}"
            parts.append(f'<path d="{ends}" stroke="{colour}" opacity="0.6"/>')
    return parts


def across(picture: Picture, place: str, shift: float) -> float:
    """Where a place stands: places at equal distances."""
    number, steps = picture.places.index(place), max(1, len(picture.places) - 1)
    return LEFT + 36 + (WIDTH - 72) * number / steps + shift


def height(value: float) -> float:
    """Where a share from 0 to 1 stands."""
    return TOP + HEIGHT * (1 - value)
