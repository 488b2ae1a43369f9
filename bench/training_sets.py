"""The figures of training sets: finding distractors, assembling and auditing at scale, what became of a project's rows.

python bench/training_sets.py [--data FOLDER] [--project FOLDER] [--sizes 25000 50000 100000] --json

Assembling and auditing run in a process of their own for each size, so that time and peak memory are theirs. A part
whose input is not named is null.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from raftune import api, standing
from retrieval import recall

HERE = Path(__file__).parent
SIZES = (25_000, 50_000, 100_000)
TAUGHT = ("ask", "answer", "verify", "review", "assemble")


def main() -> None:
    """Prints the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of korean_rag and hotpotqa")
    parser.add_argument("--project", type=Path, help="a project that was run")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=SIZES, help="answers to assemble, about half as many passages"
    )
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    options = parser.parse_args()
    assembled = {str(size): assembling(size) for size in sorted(options.sizes)}
    largest = list(assembled.values())[-1] if assembled else {}
    figures = {
        "assemble_seconds": {size: one["seconds"] for size, one in assembled.items()},
        "peak_mb": max((one["peak_mb"] for one in assembled.values()), default=None),
        "audit_seconds": largest.get("audit_seconds"),
        "audit_found": largest.get("audit_found"),
        "recall_at_5": recall(options.data) if options.data else None,
        **(taught(options.project) if options.project else {"accepted": None, "funnel": None}),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=None if options.json else 1))


def assembling(size: int) -> dict[str, Any]:
    """What bench/assembling.py prints for so many answers."""
    command = [sys.executable, str(HERE / "assembling.py"), str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def taught(folder: Path) -> dict[str, Any]:
    """Answers that were accepted, and the rows and rejects by reason of each stage that leads to the training set."""
    rows = {str(row["stage"]): row for row in standing.status(api.open_project(folder))}
    funnel = {name: {"rows": rows[name]["rows"], "rejected": rows[name]["rejected"]} for name in TAUGHT if name in rows}
    return {"accepted": funnel["review"]["rows"], "funnel": funnel}


if __name__ == "__main__":
    main()
