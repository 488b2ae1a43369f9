"""How much of an endpoint's quota is used, and how many requests it answers 429, by the tests' server on loopback.

Requests go through ledger, retries, limiter and meter, as in a run; the quota is learned from headers. The server's
seconds count from the first admission. The steady window leaves out the start-up (see `steady_from_s`) and the last
seconds, in which no requests are left. Server and client share the machine, as two processes.

python bench/endpoint_quotas.py [--quota 100000 1000000 10000000] [--seconds 60] [--window 10] [--unlimited] [--json]
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raftune.contracts import ChatMessage, ChatRequest
from raftune.costs import Price
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.engines.local import LocalEngine
from raftune.ledger import Ledger
from raftune.limiting.limiter import Limiter
from raftune.meter import Meter
from raftune.providers.openai import OpenAIModel
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.limited import LimitedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.retried import RetriedModel

ROOT = Path(__file__).parents[1]
QUOTAS = (100_000, 1_000_000, 10_000_000)
PROMPT = "The harbour master counts the ships of the morning and notes what each of them pays for its berth. " * 28
MAX_TOKENS = 400
RESERVED = 1000  # tokens of a request, nearly: what the quota is counted in
START_UP = 15.0  # seconds: one request alone, then as many as quota and latency allow
LAST = 4.0  # seconds before the end in which requests run out
AHEAD = 768  # rows read ahead of the first that is not done yet
PRICE = Price(1.0, 4.0)


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The address of a server that runs as a process of its own."""
    command = [sys.executable, "-m", "tests.servers.openai", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield str(process.stdout.readline()).strip() if process.stdout else ""
    finally:
        process.terminate()
        process.wait()


def statistics(url: str, start: float | None = None, end: float | None = None) -> dict[str, Any]:
    """What the server saw in seconds [start, end)."""
    window = "" if start is None or end is None else f"?start={start}&end={end}"
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats" + window) as answer:
        return dict(json.load(answer))


def requests(count: int) -> Iterator[ChatRequest]:
    """So many different requests of about 600 tokens, with room for 400."""
    for number in range(count):
        yield ChatRequest(
            model="gpt-4o-mini",
            messages=(ChatMessage(role="user", content=f"{number:07}. {PROMPT}"),),
            max_tokens=MAX_TOKENS,
        )


def estimated(request: ChatRequest) -> int:
    """Tokens of a prompt by its length: the limiter finds out how far that is off."""
    return sum(len(message.content) for message in request.messages) // 4


async def sent(url: str, folder: Path, count: int, at_once: int) -> dict[str, Any]:
    """Sends so many requests; the most in flight, tokens, and our own seconds of processor time."""
    memory = EndpointMemory(folder / "endpoints.json")
    limiter = Limiter("server gpt-4o-mini chat", memory, at_once=at_once)
    endpoint = Endpoint(Address(url, seconds=30.0), Keys(None), limiter.hear)
    provider = OpenAIModel(endpoint, memory)
    ledger, meter = Ledger(folder / "ledger.sqlite"), Meter(limit=1e6)
    limited = LimitedModel(MeteredModel(provider, meter, PRICE, estimated), limiter, estimated)
    chat = CachedModel(RetriedModel(limited), ledger, stage="ask", price=PRICE)
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    async for _ in LocalEngine().each(requests(count), chat.complete, AHEAD):
        pass
    after = resource.getrusage(resource.RUSAGE_SELF)
    provider.close()
    ledger.close()
    return {
        "wall_s": round(time.perf_counter() - started, 2),
        "tokens": meter.usage.prompt_tokens + meter.usage.completion_tokens,
        "cpu_ms_a_request": round(
            1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / count, 2
        ),
    }


def run(url: str, count: int, at_once: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What we measured, and what the server saw in the steady window."""
    with tempfile.TemporaryDirectory() as name:
        figures = asyncio.run(sent(url, Path(name), count, at_once))
    last = statistics(url)["seconds"]
    return figures, statistics(url, min(START_UP, last / 2), max(last / 2, last - LAST))


def measure(
    tokens_per_minute: float,
    seconds: float = 60.0,
    latency: str = "1-3",
    window: float | None = None,
    at_once: int = 0,
    more: Sequence[str] = (),
) -> dict[str, Any]:
    """Use of a quota over the steady `seconds`; `window`: the quota is enforced in windows of so many seconds.

    `more` are further options of the server.
    """
    count = int((seconds + START_UP + LAST) * tokens_per_minute / 60 / RESERVED)
    options = ["--tpm", str(tokens_per_minute), "--latency", latency, "--count", "bytes", *more]
    if window is not None:
        options += ["--window", str(window)]
    with server(*options) as url:
        figures, seen = run(url, count, at_once)
    steady = seen["window"]
    return {
        "tokens_per_minute": tokens_per_minute,
        "window_s": window,
        "quota_used": round(steady["quota_used"], 4),
        "share_429": round(seen["answered_429"] / seen["requests"], 5),
        "steady_share_429": round(steady["share_429"], 5),
        "steady_from_s": round(steady["start"], 1),
        "steady_to_s": round(steady["end"], 1),
        **figures,
        "requests": seen["requests"],
        "answered_429": seen["answered_429"],
        "repeated_paid": seen["repeated_paid"],
        "in_flight": seen["most_at_once"],
    }


def measure_unlimited(at_once: int = 256, seconds: float = 30.0, latency: str = "1") -> dict[str, Any]:
    """Requests a second of a server without quota, with so many in flight; 1.0 of `share` is at_once / latency."""
    count = int((seconds + START_UP + LAST) * at_once / float(latency))
    with server("--latency", latency, "--count", "bytes") as url:
        figures, seen = run(url, count, at_once)
    rate = seen["window"]["requests_per_second"]
    return {
        "at_once": at_once,
        "requests_per_second": round(rate, 1),
        "share": round(rate * float(latency) / at_once, 4),
        "steady_from_s": round(seen["window"]["start"], 1),
        "steady_to_s": round(seen["window"]["end"], 1),
        **figures,
        "requests": seen["requests"],
        "in_flight": seen["most_at_once"],
    }


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quota", type=float, nargs="*", default=QUOTAS, help="tokens a minute")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the steady window, about")
    parser.add_argument("--window", type=float, help="the server enforces quotas in windows of so many seconds")
    parser.add_argument("--unlimited", action="store_true", help="also a server without quota, 256 in flight")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON object")
    given = parser.parse_args()
    figures: dict[str, Any] = {"quotas": []}
    for quota in given.quota:
        figures["quotas"].append(measure(quota, given.seconds, window=given.window))
        if not given.json:
            print(figures["quotas"][-1], flush=True)
    if given.unlimited:
        figures["unlimited"] = measure_unlimited(seconds=given.seconds)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
