"""The figures of train_shared_prefix.py as text of at most 80 columns."""

from collections.abc import Iterator
from typing import Any

SETTING = ("document_tokens", "q")
HEADINGS = ("tokens", "q", "arm", "s/example", "of shared", "peak MB", "GFLOP/s", "of peak")


def training_table(result: dict[str, Any]) -> str:
    """Single figures as lines "name value", then a row for each setting and arm, then one for each point of growth."""
    single = [f"{name} {value}" for name, value in result.items() if not isinstance(value, list | dict)]
    parts = ["\n".join(single)]
    if settings := result.get("settings"):
        parts.append(aligned([HEADINGS, *(row for setting in settings for row in arms(setting))]))
    if points := result.get("growth"):
        parts.append(aligned([tuple(points[0]), *(tuple(map(str, point.values())) for point in points)]))
    return "\n\n".join(parts)


def arms(setting: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for each arm of a setting; what was not counted for an arm is a dash."""
    for arm, seconds in setting["seconds_per_example"].items():
        figures = [
            seconds,
            setting.get(f"ratio_to_{arm}", "-"),
            setting["peak_mb"][arm],
            setting["achieved_gflops"].get(arm, "-"),
            setting["share_of_peak"].get(arm, "-"),
        ]
        yield (*(str(setting[name]) for name in SETTING), arm, *map(str, figures))


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell, two spaces between them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)
