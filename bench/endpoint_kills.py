"""kill -9 at random moments of a run of 500 requests, then resume: the same bytes, nothing paid twice, no row lost?

    python bench/endpoint_kills.py [--kills 50] [--seed 0]

A project of 500 passages asks a teacher over real HTTP, one request a passage. Each trial is a new project whose
`raftune run --until answer` is killed (the whole process group, SIGKILL) and started again up to five times, each
time after a random part, up to a half, of what an undisturbed run takes; then it is run to its end. The server
remembers every request it was sent. A request is in flight at a kill when it was sent but its reply is not in the
ledger yet, and paid twice when it is sent although its reply was in the ledger at an earlier kill.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.resume import fingerprints, finish, kill_after, remembered  # noqa: E402
from tests.servers.openai import Server, serving  # noqa: E402

UNTIL = ("--until", "answer")
PASSAGES = 500
QUESTIONS = 2
QUOTA = 3_000_000.0  # tokens a minute: a run takes some twenty seconds
SETTLED = 0.8  # seconds after a kill
KILLS_A_TRIAL = 5
CONFIG = """\
name = "kills"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 400
minimum = 100
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
recipe = "passages"
questions_per_chunk = 2
"""
TOWNS = ("Alda", "Brem", "Corvo", "Dunes", "Elmo", "Farsund", "Gavle", "Holm", "Ilmen", "Jarna")


def make_project(folder: Path, url: str, passages: int = PASSAGES) -> None:
    """A project with a document of so many sections, each a passage."""
    (folder / "documents").mkdir(parents=True)
    sections = [section(number) for number in range(passages)]
    (folder / "documents" / "rules.md").write_text("\n\n".join(sections), encoding="utf-8")
    (folder / "raftune.toml").write_text(CONFIG.format(url=url), encoding="utf-8")


def section(number: int) -> str:
    """A heading and three sentences about a harbour rule."""
    town = TOWNS[number % len(TOWNS)]
    return (
        f"## Rule {number}\n\nUnder rule {number} of harbour {town}, the fee for berth {number} is {100 + 7 * number} "
        f"coins per day. The harbour office of {town} opens berth {number} at {5 + number % 6} in the morning. "
        f"Ships longer than {20 + number % 80} metres have to announce their arrival at berth {number} in writing."
    )


def rows_lost(folder: Path) -> int:
    """Passages and questions that are neither rows nor rejects with a reason."""
    about = {
        stage: json.loads(next((folder / ".raftune" / "objects" / stage).glob("*/artifact.json")).read_text())
        for stage in ("chunk", "ask", "answer")
    }
    rejected = {stage: sum(one["rejected"].values()) for stage, one in about.items()}
    wanted = QUESTIONS * about["chunk"]["rows"]
    lost = wanted - about["ask"]["rows"] - rejected["ask"]
    return abs(lost) + abs(about["ask"]["rows"] - about["answer"]["rows"] - rejected["answer"])


@dataclass
class Trial:
    """What one project went through; `asked` are the prompts that the server was sent."""

    kills: int = 0
    repeated: int = 0
    in_flight: int = 0
    asked: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    lost: int = 0


def trial(server: Server, length: float, kills: int, moments: random.Random) -> Trial:
    """One project, killed up to `kills` times, then run to its end."""
    found = Trial()

    def new_prompts() -> list[str]:
        prompts = [body["messages"][-1]["content"] for body in server.requests]
        server.requests.clear()
        return prompts

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        make_project(folder, server.url)
        for kill in range(kills + 1):
            known = remembered(folder)
            if kill < kills:
                found.kills += kill_after(folder, moments.uniform(0.05, 0.5) * length, *UNTIL)
                time.sleep(SETTLED)  # what was on its way reaches the server
            else:
                finish(folder, *UNTIL)
            asked = new_prompts()
            found.repeated += sum(prompt in known for prompt in asked)
            found.in_flight += len(set(asked) - remembered(folder))
            found.asked += asked
        found.files, found.lost = fingerprints(folder), rows_lost(folder)
    return found


def measure(kills: int, seed: int, *, quiet: bool = True) -> dict[str, Any]:
    """Kills until there were so many; what came of it."""
    moments = random.Random(seed)
    total = {"kills": 0, "byte_equal": True, "repeated_paid_calls": 0, "in_flight": 0, "rows_lost": 0}
    total |= {"requests": 0, "distinct_requests": 0, "within_bound": True}
    with serving(latency=(0.3, 0.6), tokens_per_minute=QUOTA) as server:
        begun = time.monotonic()
        undisturbed = trial(server, 0.0, 0, moments)
        length = time.monotonic() - begun
        while total["kills"] < kills:
            found = trial(server, length, min(KILLS_A_TRIAL, kills - total["kills"]), moments)
            distinct = len(set(found.asked))
            total["kills"] += found.kills
            total["byte_equal"] &= found.files == undisturbed.files
            total["repeated_paid_calls"] += found.repeated
            total["in_flight"] += found.in_flight
            total["rows_lost"] += found.lost
            total["requests"] += len(found.asked)
            total["distinct_requests"] += distinct
            total["within_bound"] &= len(found.asked) <= distinct + found.in_flight
            if not quiet:
                print(total, flush=True)
    return {**total, "requests_a_run": len(undisturbed.asked), "seconds_undisturbed": round(length, 1)}


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    print(json.dumps(measure(options.kills, options.seed, quiet=options.json)))


if __name__ == "__main__":
    main()
