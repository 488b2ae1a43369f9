"""Embeddings that are paid for: counted, asked for again where an endpoint is busy, kept by text in the ledger."""

import asyncio
import base64
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Protocol

from raftune.costs import Price, Usage, cost
from raftune.digest import digest
from raftune.ledger import Action, Ledger
from raftune.limiting.limiter import Limiter
from raftune.meter import Meter
from raftune.retrying import Retrying

if TYPE_CHECKING:
    from raftune.contracts import Vectors

KIND = "embedding"
BATCH = 128  # texts to a request
AT_ONCE = 4
LIMITED_AT_ONCE = 32  # batches in flight or waiting, where a limiter decides how many are sent
BYTES_A_TOKEN = 2


class Requested(Protocol):
    """An embedder that says what a request took."""

    name: str

    async def request(self, texts: Sequence[str]) -> "tuple[Vectors, int]":
        """The vectors, and how many tokens were read."""


class PaidEmbedder:
    """Gives the vectors in the ledger, and asks `embedder` for the others: a batch is kept as soon as it is there.

    With `refresh`, a text is asked for anew the first time this object sees it.
    """

    def __init__(
        self,
        embedder: Requested,
        ledger: Ledger,
        meter: Meter,
        price: Price | None,
        *,
        limiter: Limiter | None = None,
        retrying: Retrying | None = None,
        stage: str = "",
        refresh: bool = False,
    ) -> None:
        self.embedder = embedder
        self.ledger = ledger
        self.meter = meter
        self.price = price
        self.limiter = limiter
        self.retrying = retrying or Retrying()
        self.stage = stage
        self.refresh = refresh
        self.name = embedder.name
        self._refreshed: set[str] = set()

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text. Raises ProviderError, OverBudget where the limit could be passed, ConfigError."""
        import numpy as np

        rows = {text: self.recalled(text) for text in texts}
        missing = [text for text, row in rows.items() if row is None]
        room = asyncio.Semaphore(AT_ONCE if self.limiter is None else LIMITED_AT_ONCE)

        async def ask(batch: Sequence[str]) -> None:
            async with room:
                rows.update(zip(batch, await self.asked(batch), strict=True))

        asking = [asyncio.ensure_future(ask(missing[start : start + BATCH])) for start in range(0, len(missing), BATCH)]
        try:
            await asyncio.gather(*asking)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        return np.stack([rows[text] for text in texts]) if texts else np.zeros((0, 0), dtype=np.float32)

    def recalled(self, text: str) -> Any:
        """The vector of a text that was paid for, or None."""
        import numpy as np

        key = self.key(text)
        if self.refresh and key not in self._refreshed:
            return None
        known = self.ledger.recall(key)
        return None if known is None else np.frombuffer(base64.b64decode(known["vector"]), dtype="<f4")

    async def asked(self, batch: Sequence[str]) -> "Vectors":
        """The vectors of a batch, counted and kept before anyone sees them."""
        vectors, tokens = await self.retrying.call(lambda: self.in_turn(batch))
        shares = shared(tokens, [len(text) for text in batch])
        actions = [self.action(*one) for one in zip(batch, vectors, shares, strict=True)]
        await self.ledger.commit(*actions)
        self._refreshed.update(action.key for action in actions)
        return vectors

    def action(self, text: str, vector: Any, tokens: int) -> Action:
        """What the ledger keeps of a text's vector."""
        import numpy as np

        packed = base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
        return Action(
            self.key(text),
            KIND,
            {"embedder": self.name, "text": text},
            {"vector": packed},
            stage=self.stage,
            model=self.name,
            prompt_tokens=tokens,
            dollars=cost(Usage(1, tokens, 0), self.price),
        )

    async def in_turn(self, batch: Sequence[str]) -> "tuple[Vectors, int]":
        """One request, when the endpoint's quota allows it."""
        if self.limiter is None:
            return await self.counted(batch)
        return await self.limiter.call(self.estimate(batch), 0, lambda: self.counted(batch), lambda found: found[1])

    async def counted(self, batch: Sequence[str]) -> "tuple[Vectors, int]":
        """One request, on the meter."""
        async with self.meter.reserved(self.name, Usage(1, self.estimate(batch), 0), self.price):
            vectors, tokens = await self.embedder.request(batch)
            self.meter.add(Usage(1, tokens, 0), self.price)
        return vectors, tokens

    def estimate(self, batch: Sequence[str]) -> int:
        """The tokens of a batch, rather too many than too few."""
        return sum(len(text.encode()) // BYTES_A_TOKEN + 1 for text in batch)

    def key(self, text: str) -> str:
        """What a vector is kept under."""
        return digest([KIND, self.name, text])


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A number in whole parts by weight; they add up to it."""
    whole = sum(weights) or 1
    ends = [total * part // whole for part in accumulate(weights)]
    return [end - before for before, end in pairwise([0, *ends])]
