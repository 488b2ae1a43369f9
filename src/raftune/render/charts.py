"""The geometry of the training curve: points in a square of 100 by 100 that the page stretches."""

from collections.abc import Sequence
from dataclasses import dataclass

from raftune.report_records import CurvePoint


@dataclass(frozen=True)
class Curve:
    """Two lines as SVG point lists, and what stands at the ends of the axes."""

    train: str
    validation: str
    dots: tuple[tuple[str, str], ...]
    highest: float
    lowest: float
    first: int
    last: int

    @classmethod
    def empty(cls) -> "Curve":
        """No curve: there is nothing to draw."""
        return cls("", "", (), 0.0, 0.0, 0, 0)


def curve_of(points: Sequence[CurvePoint]) -> Curve:
    """The curve of at least two points; the loss axis spans exactly what was measured."""
    train = [(point.step, point.train_loss) for point in points if point.train_loss is not None]
    validation = [(point.step, point.validation_loss) for point in points if point.validation_loss is not None]
    losses = [loss for _, loss in [*train, *validation]]
    if not losses:
        return Curve.empty()
    steps = [point.step for point in points]
    frame = (min(steps), max(steps), min(losses), max(losses))
    placed = [place(step, loss, frame) for step, loss in validation]
    return Curve(
        train=" ".join(f"{x:.2f},{y:.2f}" for x, y in (place(step, loss, frame) for step, loss in train)),
        validation=" ".join(f"{x:.2f},{y:.2f}" for x, y in placed),
        dots=tuple((f"{x:.2f}%", f"{y:.2f}%") for x, y in placed),
        highest=max(losses),
        lowest=min(losses),
        first=min(steps),
        last=max(steps),
    )


def place(step: int, loss: float, frame: tuple[int, int, float, float]) -> tuple[float, float]:
    """A point in the square, y downwards; `frame` is first and last step, lowest and highest loss."""
    first, last, lowest, highest = frame
    return 100 * (step - first) / ((last - first) or 1), 100 * (highest - loss) / ((highest - lowest) or 1.0)
