"""What a limiter leaves to the next run, so that a restart does not begin with a burst.

The wall clock stands nowhere but here, since it may jump: no more than a minute of it counts.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from raftune.limiting.bucket import Bucket
from raftune.limiting.outage import PATIENCE
from raftune.limiting.window import Window

SCALES = (0.25, 4.0)


def written(buckets: Mapping[str, Bucket], window: Window, scale: float, pause: float) -> dict[str, Any]:
    """A note; `pause` are the seconds that the endpoint asked to wait and that are left."""
    known: dict[str, Any] = {unit: bucket.noted() for unit, bucket in buckets.items() if bucket.limit}
    if window.threshold < float("inf"):
        known["ceiling"] = window.threshold
    return {**known, "scale": scale, "pause": pause, "time": time.time()}


def read(known: Mapping[str, Any], buckets: Mapping[str, Bucket], window: Window, now: float) -> tuple[float, float]:
    """Puts a note into buckets and window; gives scale and pause. What is no note is passed over."""
    age = max(0.0, time.time() - number(known.get("time"), time.time()))
    for unit, bucket in buckets.items():
        bucket.filled = now
        with suppress(KeyError, TypeError, ValueError):
            bucket.restore(known[unit], age, now)
    ceiling = number(known.get("ceiling"), 0.0)
    if ceiling >= 1:
        window.threshold = ceiling
    scale = min(SCALES[1], max(SCALES[0], number(known.get("scale"), 1.0)))
    return scale, min(PATIENCE, max(0.0, number(known.get("pause"), 0.0) - age))


def number(value: Any, otherwise: float) -> float:
    """A number of a note, or another one where it is none."""
    return float(value) if isinstance(value, int | float) and value == value else otherwise  # noqa: PLR0124 - not NaN
