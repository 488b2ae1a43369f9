import sqlite3
import subprocess
import sys
from pathlib import Path

CODE = """
import sys
from pathlib import Path
from raftune.trackers.trackio import plug

for steps in ((1, 2), (3,)):  # the second time the run goes on
    tracker = plug(Path(sys.argv[1]), "run")
    for step in steps:
        tracker.log(step, {"train_loss": 1.0 / step})
    tracker.close()
"""


def test_steps_are_in_trackios_database(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", CODE, str(tmp_path)], check=True, timeout=120)
    (database,) = tmp_path.glob("*.db")
    rows = sqlite3.connect(database).execute("select run_name, step from metrics order by step").fetchall()
    assert rows == [("run", 1), ("run", 2), ("run", 3)]
