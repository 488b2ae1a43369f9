"""Keys, stored artifacts, reasons, the journal and the lock."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import Artifact, in_memory
from raftune.cli.watch import Quiet
from raftune.engines.local import LocalEngine
from raftune.errors import StoreError
from raftune.records import Question, Source
from raftune.runner import Journal, Planner, Runner, StoppedAfter, only_writer
from raftune.stage import StageConfig, Tools, stage
from raftune.stores.files import FileStore


class NumberConfig(StageConfig):
    """A test stage's config."""

    times: int = 1


def number_stage(version: int = 1) -> Any:
    @stage(version=version, row_type=Question)
    async def number(tools: Tools, config: NumberConfig, sources: Artifact[Source]) -> AsyncIterator[Question]:
        for source in sources:
            for item in range(config.times):
                yield Question(chunk=source.path, item=item, text="?", language="en")
        tools.reject("x", "a reason")

    return number


def sources(*names: str) -> Artifact[Source]:
    return in_memory("sources", Source, [Source(path=name, sha256=name, size=1) for name in names])


class Bench:
    """A runner in a folder that counts how often stages really run."""

    def __init__(self, folder: Path, seed: int = 0, **options: Any) -> None:
        self.made: list[str] = []
        self.runner = Runner(
            FileStore(folder / "objects"), None, LocalEngine(), Journal(folder / "journal.jsonl"),  # type: ignore[arg-type]
            Quiet(), seed, lambda _: {}, prepare=self.made.append, **options,
        )  # fmt: skip

    def run(self, config: NumberConfig, inputs: Artifact[Source], version: int = 1) -> Artifact[Question]:
        artifact: Artifact[Question] = asyncio.run(self.runner(number_stage(version), config, inputs))
        return artifact


def test_the_same_inputs_run_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    first = bench.run(NumberConfig(), sources("a", "b"))
    again = bench.run(NumberConfig(), sources("a", "b"))
    assert (len(first), first.rejected, first.digest) == (2, (("a reason", 1),), again.digest)
    assert bench.made == ["number"]


@pytest.mark.parametrize("change", ["config", "inputs", "version", "seed"])
def test_what_decides_the_rows_decides_the_key(tmp_path: Path, change: str) -> None:
    Bench(tmp_path).run(NumberConfig(), sources("a"))
    other = Bench(tmp_path, seed=1 if change == "seed" else 0)
    config = NumberConfig(times=2 if change == "config" else 1)
    other.run(config, sources("a", "b") if change == "inputs" else sources("a"), 2 if change == "version" else 1)
    assert other.made == ["number"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run(NumberConfig(times=1), sources("a"))
    bench.run(NumberConfig(times=2), sources("a"))
    assert len(bench.run(NumberConfig(times=1), sources("a"))) == 1
    assert bench.made == ["number", "number"]


def test_fresh_runs_again(tmp_path: Path) -> None:
    Bench(tmp_path).run(NumberConfig(), sources("a"))
    bench = Bench(tmp_path, fresh=frozenset({"number"}))
    bench.run(NumberConfig(), sources("a"))
    assert bench.made == ["number"]


def test_until_stops_after_the_stage_is_stored(tmp_path: Path) -> None:
    with pytest.raises(StoppedAfter):
        Bench(tmp_path, until="number").run(NumberConfig(), sources("a"))
    bench = Bench(tmp_path)
    bench.run(NumberConfig(), sources("a"))
    assert bench.made == []


def test_a_stage_that_fails_leaves_nothing(tmp_path: Path) -> None:
    @stage(version=1, row_type=Question)
    async def number(tools: Tools, config: NumberConfig, rows: Artifact[Source]) -> AsyncIterator[Question]:
        yield Question(chunk="a", item=0, text="?", language="en")
        raise StoreError("no", "way")

    runner = Bench(tmp_path).runner
    with pytest.raises(StoreError):
        asyncio.run(runner(number, NumberConfig(), sources("a")))
    assert not (tmp_path / "objects" / "number").exists()


def test_a_plan_says_what_would_run_and_why(tmp_path: Path) -> None:
    Bench(tmp_path).run(NumberConfig(), sources("a"))

    def planned(config: NumberConfig, inputs: Artifact[Source]) -> Any:
        planner = Planner(FileStore(tmp_path / "objects"), Journal(tmp_path / "journal.jsonl"), 0, lambda _: {})
        asyncio.run(planner(number_stage(), config, inputs))
        return planner.plans[0]

    assert planned(NumberConfig(), sources("a")).status == "stored"
    assert planned(NumberConfig(times=3), sources("a")).why == ("config.times: 1 -> 3",)
    assert planned(NumberConfig(), sources("a", "b")).why == ("inputs.sources: changed",)


def test_a_torn_journal_line_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.note("ask", "k1", {"a": 1}, 2.0)
    with journal.path.open("a") as file:
        file.write('{"stage": "ask", "ke')
    journal.note("ask", "k2", {"a": 2}, 3.0)
    assert journal.last("ask")["key"] == "k2"
    assert journal.seconds("ask", "k1") == 2.0
    assert (journal.last_seconds("ask"), journal.last_seconds("train")) == (3.0, None)


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from raftune.runner import only_writer\n"
        "with only_writer(Path(sys.argv[1])): print('held', flush=True); time.sleep(30)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=f"process {holder.pid}"), only_writer(tmp_path / "lock"):
            pass
    finally:
        holder.kill()
        holder.communicate()
    assert freed(tmp_path / "lock") == str(os.getpid())


def freed(lock: Path) -> str:
    """Who holds the lock once it can be had; the kernel frees it soon after its holder died."""
    for _ in range(50):
        with contextlib.suppress(StoreError), only_writer(lock):
            return lock.read_text()
        time.sleep(0.1)
    return "still held"
