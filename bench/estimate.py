"""How near the estimate of `raftune plan` comes to what a run really takes, on the tests' server.

    python bench/estimate.py [--passages 300] [--json]

A project of passages is run for a sample of 20 (as users do), then the whole is estimated, then run; the server counts
the tokens. Once for questions and answers in one request ("combined"), once for each answer in a request of its own.
The server counts by o200k, replies are a scripted teacher's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.endpoint_kills import make_project  # noqa: E402
from tests.servers.openai import serving  # noqa: E402

SAMPLE = 20
STAGES = ("ask", "answer", "verify")


def raftune(folder: Path, *words: str) -> str:
    """What a command of raftune prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "raftune", *words, "--project", str(folder)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def measure(mode: str, passages: int) -> dict[str, Any]:
    """Estimated and actual tokens of a mode, and by how much they differ."""
    with tempfile.TemporaryDirectory() as name, serving(count="o200k", record=False) as server:
        folder = Path(name) / "project"
        make_project(folder, server.url, passages)
        settings = ["--set", f"teacher.mode={mode}"]
        rule = estimated(folder, settings)
        raftune(folder, "run", "-q", "--until", "verify", "--sample", str(SAMPLE), *settings)
        raftune(folder, "run", "-q", "--until", "chunk", *settings)
        plan = estimated(folder, settings)
        before = server.stats()
        raftune(folder, "run", "-q", "--until", "verify", *settings)
        after = server.stats()
    actual = {kind: after[f"{kind}_tokens"] - before[f"{kind}_tokens"] for kind in ("prompt", "completion")}
    wrong = {kind: round(plan[kind] / actual[kind] - 1, 4) for kind in actual}
    total = sum(plan[kind] for kind in actual) / sum(actual.values()) - 1
    requests = after["requests"] - before["requests"]
    found = {
        "estimated": plan,
        "actual": {**actual, "requests": requests},
        "wrong": wrong,
        "wrong_in_all": round(total, 4),
    }
    return {**found, "estimated_by_rule_of_thumb": rule}


def estimated(folder: Path, settings: list[str]) -> dict[str, int]:
    """The sums of the plan."""
    raftune(folder, "run", "-q", "--until", "chunk", *settings)
    plans = json.loads(raftune(folder, "plan", "--json", *settings))
    usages = [one["estimate"]["usage"] for one in plans if one["stage"] in STAGES and one["estimate"]]
    kinds = {"prompt": "prompt_tokens", "completion": "completion_tokens", "requests": "requests"}
    return {kind: sum(usage[name] for usage in usages) for kind, name in kinds.items()}


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    print(json.dumps({mode: measure(mode, options.passages) for mode in ("combined", "separate")}))


if __name__ == "__main__":
    main()
