"""Ctrl-C and a polite kill: calls in flight may end, their replies are kept, and the run says how to go on."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.openai import serving

SETTINGS = """\
[chunk]
splitter = "structure"
unit = "characters"
maximum = 300
minimum = 50
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
at_once = 6
"""
TEXT = "\n\n".join(
    f"## Berth {number}\n\nThe fee for berth {number} in the northern harbour is {100 + 7 * number} coins per day."
    for number in range(60)
)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_was_paid_for_is_kept(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "rules.md").write_text(TEXT, encoding="utf-8")
    with serving(latency=0.7) as server:
        (tmp_path / "raftune.toml").write_text(SETTINGS.format(url=server.url))
        command = [sys.executable, "-m", "raftune", "run", "--until", "ask", "-p", str(tmp_path)]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while len(server.requests) < 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(how)
        _, errors = run.communicate(timeout=60)
        paid = server.stats()["paid"]
    assert run.returncode == 130
    assert "run the same command again" in errors
    with sqlite3.connect(tmp_path / ".raftune" / "ledger.sqlite") as database:
        assert database.execute("SELECT count(*) FROM action WHERE kind = 'chat'").fetchone() == (paid,)
    database.close()
    assert 0 < paid < 60
