"""The child ends with its parent; what it trains is held by test_kills.py and tests/serving/routes/test_jobs.py."""

import subprocess
import sys


def test_it_ends_when_nobody_holds_its_input(tmp_path):
    code = (
        "import threading, time; from raftune.tuning import child; "
        "threading.Thread(target=child.watch).start(); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(30) == 1


def test_a_folder_without_a_job_is_a_failure(tmp_path):
    command = [sys.executable, "-m", "raftune.tuning.child", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr.read()
    assert process.returncode != 0
