"""A server that speaks OpenAI's API on loopback: quotas, latency, faults, files and batches.

In a test: `with serving(tokens_per_minute=100_000, latency=(1, 3)) as server:`, then `server.url`, `server.requests`,
`server.switch("reset", first=3)`, `server.stats()`. As a process: `python -m tests.servers.openai --port 8000`.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.servers.openai.batches import BatchRules as BatchRules
from tests.servers.openai.faults import CATALOGUE as CATALOGUE
from tests.servers.openai.options import Move as Move
from tests.servers.openai.options import Options as Options
from tests.servers.openai.server import Server as Server


@contextmanager
def serving(*faults: str, port: int = 0, **options: Any) -> Iterator[Server]:
    """A running server in a thread of its own; `faults` are on from the start, `options` those of `Options`."""
    server = Server(Options(**options))
    for name in faults:
        server.switch(name)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def run() -> None:
        loop.run_until_complete(server.listen(port))
        ready.set()
        loop.run_forever()
        loop.run_until_complete(server.stop())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, name="test-server")
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
