"""What an endpoint's answers say about its quota, in the headers that OpenAI, Azure and others send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MINUTE = 60.0
PERIODS = (MINUTE, 3600.0, 86400.0)
DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "": 1.0}


@dataclass(frozen=True)
class Quota:
    """So many (requests or tokens) in a `period` of seconds, of which `remaining` are left; None: not said."""

    limit: float | None
    remaining: float | None
    period: float


def quota_of(headers: Mapping[str, str], unit: str) -> Quota | None:
    """The quota of "requests" or "tokens" in the headers of an answer (names in lower case), or None."""
    limit = number(headers.get(f"x-ratelimit-limit-{unit}", ""))
    remaining = number(headers.get(f"x-ratelimit-remaining-{unit}", ""))
    if not limit and remaining is None:
        return None
    reset = duration(headers.get(f"x-ratelimit-reset-{unit}", ""))
    return Quota(limit or None, remaining, period_of(limit, remaining, reset))


def period_of(limit: float | None, remaining: float | None, reset: float | None) -> float:
    """The seconds a limit is for; `reset` is how long the missing part takes to come back, or the window to end.

    Nothing takes longer than the period itself: what comes back within a minute counts as a minute's, because the two
    kinds of reset cannot be told apart there. A day's quota gives itself away after a few requests.
    """
    if not limit or remaining is None or reset is None or reset <= MINUTE + 1:
        return MINUTE
    whole = reset * limit / max(1.0, limit - remaining)
    even = [period for period in PERIODS if abs(whole - period) < 0.1 * period]
    return even[0] if even else min((period for period in PERIODS if period >= reset), default=PERIODS[-1])


def number(text: str) -> float | None:
    """A number that is not negative, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e15 else None


def duration(text: str) -> float | None:
    """Seconds of "6m0s", "120ms", "1.5" or "1h2m3s"; None for anything else."""
    text = text.strip()
    parts = list(DURATION.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        return None
    return sum(float(part[1]) * SECONDS[part[2] or ""] for part in parts)
