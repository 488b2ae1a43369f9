"""curves.svg: loss and accuracy by step, of training and validation, drawn from the lines of metrics.csv."""

from collections.abc import Callable, Sequence
from pathlib import Path

from raftune.digest import Json
from raftune.training.metrics import COLUMNS

LEFT, WIDTH, HEIGHT, GAP = 58, 560, 190, 62
COLOURS = {"train": "#1b6ca8", "valid": "#c1542d"}
PANELS = (("loss", "train_loss", "valid_loss"), ("accuracy", "train_mean_token_accuracy", "valid_mean_token_accuracy"))
Point = tuple[int, float]


def write_curves(path: Path, lines: Sequence[Sequence[Json]]) -> None:
    """Draws the lines of `metrics.line_of`; equal lines give equal bytes."""
    bottom = GAP + len(PANELS) * (HEIGHT + GAP)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 22} {bottom - 20}" role="img" '
        'font-family="sans-serif" font-size="13" fill="#333"><title>Loss and accuracy by training step</title>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    parts = [head, *legend()]
    for number, (name, *columns) in enumerate(PANELS):
        parts += panel(name, [points_of(lines, column) for column in columns], GAP + number * (HEIGHT + GAP))
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def points_of(lines: Sequence[Sequence[Json]], column: str) -> list[Point]:
    """(step, value) where the column has a value."""
    place = COLUMNS.index(column)
    return [(line[0], line[place]) for line in lines if line[place] is not None]


def legend() -> list[str]:
    """What the colours mean."""
    texts = []
    for number, (name, text) in enumerate((("train", "training"), ("valid", "validation"))):
        x = LEFT + 110 * number
        texts.append(f'<path d="M{x} 22h24" stroke="{COLOURS[name]}" stroke-width="2"/>')
        texts.append(f'<text x="{x + 30}" y="26">{text}</text>')
    return texts


def panel(name: str, curves: Sequence[list[Point]], top: int) -> list[str]:
    """One chart: the axis spans what was measured."""
    points = [point for curve in curves for point in curve]
    if not points:
        return []
    steps, values = [step for step, _ in points], [value for _, value in points]
    first, last, low, high = min(steps), max(steps), min(values), max(values)

    def place(step: int, value: float) -> tuple[float, float]:
        across = (step - first) / ((last - first) or 1)
        return LEFT + WIDTH * across, top + HEIGHT * (1 - (value - low) / ((high - low) or 1))

    parts = [f'<text x="{LEFT}" y="{top - 10}" font-weight="600">{name}</text>']
    for value in (low, (low + high) / 2, high):
        y = place(first, value)[1]
        parts.append(f'<path d="M{LEFT} {y:.1f}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    for step, anchor in ((first, "start"), (last, "end")):
        x = place(step, low)[0]
        parts.append(f'<text x="{x:.1f}" y="{top + HEIGHT + 20}" text-anchor="{anchor}">step {step}</text>')
    return parts + [drawn for kind, curve in zip(COLOURS, curves, strict=True) for drawn in line(kind, curve, place)]


def line(kind: str, curve: list[Point], place: Callable[[int, float], tuple[float, float]]) -> list[str]:
    """A curve; validation has dots too, since there may be one alone."""
    placed = [place(*point) for point in curve]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    drawn = [f'<polyline points="{joined}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>']
    if kind == "valid":
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{COLOURS[kind]}"/>' for x, y in placed]
    return drawn
