"""No text is paid for twice; what is paid for is counted and kept at once."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from raftune.costs import Price
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import OverBudget, ProviderError, Unavailable
from raftune.ledger import Ledger
from raftune.limiting.limiter import Limiter
from raftune.meter import Meter
from raftune.retrying import Retrying
from raftune.wrappers.paid_embedder import BATCH, KIND, PaidEmbedder, shared

PRICE = Price(input=1_000_000.0, output=0.0)


class Counting:
    name = "counting"

    def __init__(self, *faults: ProviderError) -> None:
        self.faults = list(faults)
        self.asked: list[str] = []

    async def request(self, texts: Sequence[str]) -> tuple[Any, int]:
        if self.faults:
            raise self.faults.pop(0)
        self.asked += texts
        rows = np.array([[len(text), 1.0] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True), len(texts)


def paid(folder: Path, inner: Counting, meter: Meter | None = None, **options: Any) -> PaidEmbedder:
    async def sleep(_: float) -> None:
        pass

    ledger = Ledger(folder / "ledger.sqlite")
    return PaidEmbedder(inner, ledger, meter or Meter(), PRICE, retrying=Retrying(sleep=sleep, seed=1), **options)


def embed(embedder: PaidEmbedder, *texts: str) -> Any:
    return asyncio.run(embedder.embed(texts))


def test_a_text_is_asked_for_once_in_all_runs(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    before = embed(paid(tmp_path, first), "port", "항만", "port")
    after = embed(paid(tmp_path, second), "항만", "port", "ship", "port")
    assert first.asked == ["port", "항만"]
    assert second.asked == ["ship"]
    assert np.array_equal(before[[1, 0]], after[:2])
    assert np.array_equal(after[1], after[3])


def test_a_refreshed_text_is_asked_for_once_more(tmp_path: Path) -> None:
    embed(paid(tmp_path, Counting()), "port")
    inner = Counting()
    refreshed = paid(tmp_path, inner, refresh=True)
    embed(refreshed, "port")
    embed(refreshed, "port")
    assert inner.asked == ["port"]


def test_requests_and_tokens_are_counted_and_the_budget_held(tmp_path: Path) -> None:
    meter = Meter(limit=6.0)
    embedder = paid(tmp_path, Counting(), meter)
    embed(embedder, "port", "ship")
    assert (meter.usage.requests, meter.usage.prompt_tokens, meter.dollars) == (1, 2, 2.0)
    with pytest.raises(OverBudget):
        embed(embedder, "a boat that is too dear")
    assert len(embed(embedder, "ship", "port")) == 2


def test_a_busy_endpoint_is_asked_again_and_paid_batches_stay(tmp_path: Path) -> None:
    inner = Counting(Unavailable("Away.", "Wait."))
    assert embed(paid(tmp_path, inner), "port").shape == (1, 2)
    texts = [f"text {number}" for number in range(3 * BATCH)]
    failing = Counting(ProviderError("Refused.", "Ask."))
    with pytest.raises(ProviderError, match="Refused"):
        embed(broken := paid(tmp_path, failing), *texts)
    broken.ledger.close()
    last = Counting()
    embed(paid(tmp_path, last), *texts)
    assert sorted([*failing.asked, *last.asked]) == sorted(texts)


def test_what_was_asked_stands_in_the_ledger(tmp_path: Path) -> None:
    embedder = paid(tmp_path, Counting())
    embed(embedder, "port")
    [row] = embedder.ledger.export(KIND)
    assert row["request"] == {"embedder": "counting", "text": "port"}


def test_the_tokens_of_a_request_are_shared_out(tmp_path: Path) -> None:
    embedder = paid(tmp_path, Counting())
    embed(embedder, "port", "ship", "harbour")
    spent = embedder.ledger.spent()[""]
    assert (spent.prompt_tokens, spent.dollars) == (3, 3.0)
    assert shared(10, [1, 2, 3]) == [1, 4, 5]
    assert shared(0, []) == []


def test_a_limiter_decides_when(tmp_path: Path) -> None:
    limiter = Limiter("place model embeddings", EndpointMemory(None))
    embedder = paid(tmp_path, Counting(), limiter=limiter)
    assert embed(embedder, "port").shape == (1, 2)
    assert limiter.answered == 1
