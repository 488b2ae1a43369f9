"""Memory of a process that sends very many requests through ledger, retries and meter: it must stay flat.

The model behind them is a script, so that what is measured is ours. Each count has a process of its own.

python bench/request_memory.py [--requests 1000 10000 100000] [--at-once 256] [--json]
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from memory_held import watched
from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.engines.local import LocalEngine
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.retried import RetriedModel

PROMPT = "What does this passage of the harbour rules say about fees? " * 50  # 3 kB
REPLY = "The fee for a berth is seventy coins a day. " * 25  # 1.1 kB


class Script:
    """Replies at once."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """A reply of its own for each request."""
        await asyncio.sleep(0)
        text = f"{request.messages[0].content[:20]} {REPLY}"
        return ChatReply(text=text, finish_reason="stop", prompt_tokens=600, completion_tokens=250)


def requests(count: int) -> Iterator[ChatRequest]:
    """So many different requests."""
    for number in range(count):
        message = ChatMessage(role="user", content=f"{number:09} {PROMPT}")
        yield ChatRequest(model="m", messages=(message,), max_tokens=400)


async def send(chat: CachedModel, count: int, at_once: int) -> None:
    """All of them, so many at a time."""
    async for _ in LocalEngine().each(requests(count), chat.complete, at_once):
        pass


def measured(count: int, at_once: int) -> dict[str, Any]:
    """Peak and last memory in megabytes, of new requests and of the same ones from the ledger."""
    price = Price(1.0, 4.0)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "ledger.sqlite"
        figures: dict[str, Any] = {"requests": count}
        for pass_name in ("new", "again"):
            ledger, meter = Ledger(path), Meter(limit=1e9)
            chat = CachedModel(RetriedModel(MeteredModel(Script(), meter, price)), ledger, stage="ask", price=price)
            with watched() as memory:
                asyncio.run(send(chat, count, at_once))
            ledger.close()
            gc.collect()
            figures[f"{pass_name}_peak_mb"] = round(memory.peak, 1)
            figures[f"{pass_name}_per_second"] = round(count / memory.seconds)
            figures[f"{pass_name}_paid"] = meter.usage.requests
        figures["ledger_mb"] = round(path.stat().st_size / 1e6, 1)
    return figures


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--at-once", type=int, default=256)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    begun, rows = time.monotonic(), []
    for count in options.requests:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(measured, (count, options.at_once)))
        if not options.json:
            print(rows[-1])
    print(json.dumps({"at_once": options.at_once, "counts": rows, "seconds": round(time.monotonic() - begun, 1)}))


if __name__ == "__main__":
    main()
