"""One of several processes that train together: `torchrun --module raftune.training.worker WORK`.

WORK is the work folder of a job, where `launching` left it. The first process prints its progress and the result as
JSON lines; any process prints the sentence of what ended it.
"""

import json
import sys
from pathlib import Path

from raftune.digest import Json
from raftune.errors import RaftuneError
from raftune.training.job import do_job
from raftune.training.launching import read_job
from raftune.training.processes import joined


def say(what: dict[str, Json]) -> None:
    """Prints an object on a line. Raises BrokenPipeError when nobody listens any more, which ends the process."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(work: Path) -> int:
    """Takes part in the job of a folder; the exit code."""
    try:
        with joined() as processes:
            job = read_job(work, lambda *words: say({"progress": words}), lambda *figures: say({"figures": figures}))
            made = do_job(job, processes)
            if processes.is_first:
                say({"made": made.model_dump(mode="json")})
    except RaftuneError as error:
        say({"fault": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
