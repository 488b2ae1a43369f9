"""Peak memory of a stage over a million rows: rows are read, worked on and written one at a time.

python bench/memory.py [--rows 1000000] [--json]
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from raftune.artifact import Artifact
from raftune.cli.watch import Quiet
from raftune.engines.local import LocalEngine
from raftune.records import Question
from raftune.runner import Journal, Runner
from raftune.stage import StageConfig, Tools, stage
from raftune.stores.files import FileStore


class RowsConfig(StageConfig):
    """How many rows."""

    count: int = 1_000_000


@stage(version=1, row_type=Question)
async def make(_: Tools, config: RowsConfig) -> AsyncIterator[Question]:
    """Rows of about 400 bytes."""
    for number in range(config.count):
        yield Question(chunk=f"{number:020}", item=number, text="What does this row hold? " * 12, language="en")


@stage(version=1, row_type=Question)
async def shorten(tools: Tools, config: RowsConfig, rows: Artifact[Question]) -> AsyncIterator[Question]:
    """One row out for each row in, eight worked on at a time; every hundredth is rejected."""

    async def work(row: Question) -> Question:
        return row.changed(text=row.text[:40])

    async for row, shorter in tools.each(rows, work, at_once=8, total=config.count):
        if row.item % 100 == 0:
            tools.reject(row.id, "every hundredth")
        else:
            yield shorter


async def both(runner: Runner, config: RowsConfig) -> tuple[int, int]:
    """Rows made and rows left."""
    made = await runner(make, config)
    left = await runner(shorten, config, made)
    return len(made), len(left)


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, journal = FileStore(folder / "objects"), Journal(folder / "journal.jsonl")
        runner = Runner(store, None, LocalEngine(), journal, Quiet(), 0, lambda _: {})
        begun = time.monotonic()
        made, left = asyncio.run(both(runner, RowsConfig(count=options.rows)))
        seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": made, "rows_out": left, "peak_mb": round(peak), "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main()
