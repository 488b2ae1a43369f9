"""Checks the rows of a block: in this process, or in several."""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.pool import AsyncResult

from raftune.audited import AuditOptions, AuditRow, Finding, RowTrace
from raftune.auditing.catalogue import opened
from raftune.auditing.files import Block
from raftune.auditing.rows import row_of, trace_of
from raftune.contracts import RowCheck

SMALL = 2  # blocks that are not worth another process
AHEAD = 3  # blocks waiting for each process


@dataclass
class Tally:
    """What the checks of single rows found: rows that could have the fault, rows that have it, the first of them."""

    checked: int = 0
    found: int = 0
    examples: list[Finding] = field(default_factory=list)

    def join(self, other: "Tally", most: int) -> None:
        """Adds what was found in later rows."""
        self.checked += other.checked
        self.found += other.found
        self.examples += other.examples[: most - len(self.examples)]


@dataclass
class BlockResult:
    """A block's tallies by check, and what is kept of each of its rows."""

    tallies: dict[str, Tally]
    traces: list[RowTrace]


class Worker:
    """Holds the checks of single rows, with what they remember of documents."""

    def __init__(self, names: Sequence[str], options: AuditOptions) -> None:
        self._options = options
        self._checks: list[RowCheck] = opened(names, options)[0]

    def work(self, block: Block) -> BlockResult:
        """Checks a block's rows."""
        tallies = {check.name: Tally() for check in self._checks}
        traces: list[RowTrace] = []
        for line, fields in block.parsed():
            if isinstance(fields, ValueError):
                traces.append(RowTrace(block.name, line, block.split, problem=str(fields)))
                continue
            row = row_of(fields, block.name, line, block.split)
            if isinstance(row, RowTrace):
                traces.append(row)
                continue
            traces.append(trace_of(row))
            for check in self._checks:
                self._look(check, row, tallies[check.name])
        return BlockResult(tallies, traces)

    def _look(self, check: RowCheck, row: AuditRow, tally: Tally) -> None:
        if not check.applies(row):
            return
        tally.checked += 1
        if fault := check.fault(row):
            tally.found += 1
            if len(tally.examples) < self._options.examples:
                tally.examples.append(Finding(row.file, row.line, fault))


WORKERS: list[Worker] = []


def start(names: Sequence[str], options: AuditOptions) -> None:
    """Readies a process."""
    WORKERS[:] = [Worker(names, options)]


def work(block: Block) -> BlockResult:
    """Checks a block in a process that was made ready."""
    return WORKERS[0].work(block)


def worked(
    blocks: Iterable[Block], names: Sequence[str], options: AuditOptions, processes: int
) -> Iterator[BlockResult]:
    """The blocks' results in their order; few blocks are not worth starting processes for."""
    waiting = iter(blocks)
    first = list(islice(waiting, SMALL))
    if len(first) < SMALL or processes == 1:
        worker = Worker(names, options)
        yield from map(worker.work, chain(first, waiting))
        return
    with multiprocessing.get_context("spawn").Pool(processes, start, (names, options)) as pool:
        under_way = deque[AsyncResult[BlockResult]]()
        for block in chain(first, waiting):
            under_way.append(pool.apply_async(work, (block,)))
            if len(under_way) > AHEAD * processes:  # no more of a file is read than is worked on soon
                yield under_way.popleft().get()
        while under_way:
            yield under_way.popleft().get()
