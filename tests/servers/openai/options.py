"""All that can be set on a server before it starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.openai.batches import BatchRules

Body = dict[str, Any]


@dataclass(frozen=True)
class Move:
    """Other quotas from some second of the server's life on, or after so many requests."""

    tokens_per_minute: float | None
    requests_per_minute: float | None = None
    at_seconds: float | None = None
    after_requests: int | None = None


@dataclass
class Options:
    """Quotas are for each kind, chat and embeddings, apart; None: without limit. Seconds everywhere.

    `latency`: a number, a range that is drawn from evenly by `seed`, or a function of the request. `window`: quotas in
    fixed windows, as Azure has them, instead of a refill all the time; `burst`: what seconds a full bucket is worth.
    `retry_headers`: which of retry-after and retry-after-ms a 429 has. `key`: the one that is right, None for any.
    `text`: a fixed reply, or a function that writes it, in place of the teacher. `models`: what /models lists, with
    anything a server tells about them; None: any name is known. `count`: "bytes", which is fast, or "o200k".
    `record`: keep all requests' bodies.
    """

    tokens_per_minute: float | None = None
    requests_per_minute: float | None = None
    window: float | None = None
    burst: float = 60.0
    moves: Sequence[Move] = ()
    quota_headers: bool = True
    retry_headers: Sequence[str] = ("retry-after", "retry-after-ms")
    latency: float | tuple[float, float] | Callable[[Body], float] = 0.0
    seed: int = 0
    key: str | None = None
    text: str | Callable[[Body], str] | None = None
    models: Sequence[Body] | None = None
    context_length: int | None = None
    count: str = "bytes"
    batches: BatchRules = field(default_factory=BatchRules)
    folder: Path | None = None
    record: bool = True
    away_seconds: float = 0.3
