"""A job in a process of its own, `python -m raftune.tuning.child WORK`, which ends when the service does.

WORK is the work folder of a training job. What is printed is what `raftune.training.worker` says.
"""

import os
import sys
import threading
from pathlib import Path

from raftune.training import worker

POLITE = 10


def watch() -> None:
    """Ends this process as soon as nobody holds the other end of its input: two must never write to one folder."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


def main(work: Path) -> int:
    """Trains, giving way to other processes; the exit code."""
    os.nice(POLITE)
    threading.Thread(target=watch, daemon=True).start()
    return worker.main(work)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
