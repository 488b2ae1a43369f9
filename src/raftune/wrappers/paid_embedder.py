"""Embeddings that are paid for: counted, asked for again where an endpoint is busy, kept by text in the ledger."""

import asyncio
import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from raftune.costs import Price, Usage
from raftune.digest import digest
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.retrying import Retrying

if TYPE_CHECKING:
    from raftune.contracts import Vectors

KIND = "embedding"
BATCH = 128  # texts to a request
AT_ONCE = 4


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
        retrying: Retrying | None = None,
        *,
        refresh: bool = False,
    ) -> None:
        self.embedder = embedder
        self.ledger = ledger
        self.meter = meter
        self.price = price
        self.retrying = retrying or Retrying()
        self.refresh = refresh
        self.name = embedder.name
        self._refreshed: set[str] = set()

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text. Raises ProviderError, OverBudget once the limit is reached, or ConfigError."""
        import numpy as np

        rows = {text: self.recalled(text) for text in texts}
        missing = [text for text, row in rows.items() if row is None]
        room = asyncio.Semaphore(AT_ONCE)

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
        import numpy as np

        vectors = await self.retrying.call(lambda: self.counted(batch))
        packed = [base64.b64encode(np.asarray(row, dtype="<f4").tobytes()).decode() for row in vectors]
        actions = [
            (self.key(text), {"embedder": self.name, "text": text}, {"vector": vector})
            for text, vector in zip(batch, packed, strict=True)
        ]
        self.ledger.remember_all(KIND, actions)
        self._refreshed.update(key for key, _, _ in actions)
        return vectors

    async def counted(self, batch: Sequence[str]) -> "Vectors":
        """One request, on the meter."""
        self.meter.check(self.name, self.price)
        vectors, tokens = await self.embedder.request(batch)
        self.meter.add(Usage(1, tokens, 0), self.price)
        return vectors

    def key(self, text: str) -> str:
        """What a vector is kept under."""
        return digest([KIND, self.name, text])
