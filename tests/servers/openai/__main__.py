"""The server as a process: its address is the first line it prints; it ends on SIGTERM or Ctrl-C."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

from tests.servers.openai.batches import BatchRules
from tests.servers.openai.faults import CATALOGUE, parsed
from tests.servers.openai.options import Move, Options
from tests.servers.openai.server import Server


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.openai", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--tpm", type=float, help="tokens a minute")
    parser.add_argument("--rpm", type=float, help="requests a minute")
    parser.add_argument("--window", type=float, help="quotas in fixed windows of so many seconds, as at Azure")
    parser.add_argument("--burst", type=float, default=60.0, help="seconds of quota that a full bucket holds")
    parser.add_argument("--move", action="append", default=[], metavar="SECONDS:TPM", help="other quota later on")
    parser.add_argument("--no-headers", action="store_true", help="no x-ratelimit-* headers")
    parser.add_argument("--latency", default="0", help="seconds, or a range such as 1-3")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--key", help="the right key; any, where not given")
    parser.add_argument("--context", type=int, help="the models' context length in tokens")
    parser.add_argument("--count", choices=("o200k", "bytes"), default="o200k", help="how tokens are counted")
    parser.add_argument("--folder", type=Path, help="keep files and batches there")
    parser.add_argument("--batch-seconds", type=float, default=0.2)
    parser.add_argument("--batch-failing", type=float, default=0.0, help="share of batch requests that fail once")
    parser.add_argument("--record", action="store_true", help="keep requests, for GET /requests")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[:first=N][:every=N]")
    parser.add_argument("--faults", action="store_true", help="list the catalogue and end")
    parser.add_argument("--json", action="store_true", help="print what the server saw as JSON at its end")
    return parser.parse_args()


def options_of(given: argparse.Namespace) -> Options:
    """The options of a command line."""
    low, _, high = given.latency.partition("-")
    moves = [Move(float(limit), None, float(at)) for at, limit in (text.split(":") for text in given.move)]
    return Options(
        tokens_per_minute=given.tpm,
        requests_per_minute=given.rpm,
        window=given.window,
        burst=given.burst,
        moves=moves,
        quota_headers=not given.no_headers,
        latency=(float(low), float(high)) if high else float(low),
        seed=given.seed,
        key=given.key,
        context_length=given.context,
        count=given.count,
        folder=given.folder,
        batches=BatchRules(working=given.batch_seconds, failing=given.batch_failing),
        record=given.record,
    )


async def serve(given: argparse.Namespace) -> None:
    """Listens until it is told to end."""
    server = Server(options_of(given))
    server.faults += [parsed(text) for text in given.fault]
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await server.listen(given.port)
    print(server.url, flush=True)  # noqa: T201
    await ended.wait()
    await server.stop()
    if given.json:
        print(json.dumps(server.stats()))  # noqa: T201


if __name__ == "__main__":
    asked = arguments()
    if asked.faults:
        print("\n".join(CATALOGUE))  # noqa: T201
    else:
        asyncio.run(serve(asked))
