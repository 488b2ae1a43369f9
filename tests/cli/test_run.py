"""What a run cost, in words; and where it stops."""

import subprocess
import sys
from pathlib import Path

from raftune.cli.run import spending
from raftune.costs import Price, Usage
from raftune.ledger import Ledger
from raftune.meter import Meter
from tests.cli.harbour import make_project
from tests.servers.openai import serving

TOWNS = ("Arden", "Belford", "Carrow", "Dunmore", "Ellery", "Fenwick", "Garston", "Harlow", "Ilford", "Jarrow")
SECTION = """\
# {town}

The harbour master of {town} keeps the register of all ships that enter the port of {town} after sunset. Every ship
pays its dues at the office of {town} before it leaves, and the receipt is kept on board until the next call.
"""
TEACHER = """\
provider = "openai"
model = "teacher"
base_url = "{url}"
input_price = 100.0
output_price = 100.0
"""


def test_spending_says_what_is_not_known() -> None:
    meter = Meter()
    meter.add(Usage(2, 1_000_000, 0), Price(input=1.5, output=2.0))
    assert spending(meter) == "2 new requests to models, $1.50."
    meter.add(Usage(3, 10, 10), None)
    assert spending(meter) == "5 new requests to models, $1.50, and 3 whose price is not known."


def started(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A run as a process."""
    command = [sys.executable, "-m", "raftune", "run", "-q", "--until", "answer", "--project", str(folder), *words]
    return subprocess.run(command, text=True, capture_output=True, env={"OPENAI_API_KEY": "k"}, check=False)


def test_a_budget_stops_the_run_and_more_goes_on(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    (folder / "documents" / "towns.md").write_text("\n\n".join(SECTION.format(town=town) for town in TOWNS))
    with serving() as server:
        with (folder / "raftune.toml").open("a") as settings:
            settings.write(TEACHER.format(url=server.url))
        poor = started(folder, "--max-cost", "0.5")
        assert (poor.returncode, poor.stdout) == (5, "")
        assert "of its $0.50" in poor.stderr
        ledger = Ledger(folder / ".raftune" / "ledger.sqlite")
        paid = list(ledger.actions())
        ledger.close()
        assert len(paid) == len(server.requests)
        assert sum(action.prompt_tokens + action.completion_tokens for action in paid) * 100 / 1e6 <= 0.5
        rich = started(folder, "--max-cost", "100")
        assert (rich.returncode, rich.stderr) == (0, "")
        assert started(folder, "--max-cost", "0").returncode == 0
        bodies = [str(sorted(request.items())) for request in server.requests]
    assert len(bodies) == len(set(bodies)) > len(paid) > 0
