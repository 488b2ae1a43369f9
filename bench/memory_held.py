"""The most memory that this process and its children hold while a block runs, and its seconds. For Linux."""

import contextlib
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.05


@dataclass
class Memory:
    """The most memory that this process and its children held at one time, in megabytes; how many seconds it took."""

    peak: float = 0.0
    seconds: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Looks until it is told that it is over."""
        while not self.over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(held(number) for number in family()) / 1024)


def family() -> list[int]:
    """The numbers of this process and all below it."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            children[int(fields[1])].append(int(folder.name))
    found = [os.getpid()]
    for number in found:
        found += children[number]
    return found


def held(number: int) -> int:
    """The most kilobytes of memory that a process has held; 0 once it is gone."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])
    return 0


@contextlib.contextmanager
def watched() -> Iterator[Memory]:
    """The memory held while the block runs."""
    Path("/proc/self/clear_refs").write_text("5")  # what was held before does not count
    memory = Memory()
    thread = threading.Thread(target=memory.watch, daemon=True)
    thread.start()
    begun = time.monotonic()
    try:
        yield memory
    finally:
        memory.seconds = time.monotonic() - begun
        memory.over.set()
        thread.join()
