"""kill -9 at random moments of a whole run, then resume: are the artifacts the same bytes, was anything paid twice?

    python bench/resume.py [--kills 30] [--seed 0] [--json]

Each trial is a new project with a scripted teacher behind real HTTP and a tiny random student: `raftune run` is
killed (the whole process group, SIGKILL) at a moment drawn from the length of an undisturbed run, up to three
times in a row, then run to its end. Artifacts, adapters included, are compared byte by byte with the undisturbed
run's. A paid call counts as repeated when its reply was in the ledger already at an earlier kill; calls whose reply
was on its way at a kill are counted as in flight.
"""

import argparse
import hashlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

CONFIG = """\
name = "resume"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 200
minimum = 60
[teacher]
provider = "openai"
model = "scripted"
recipe = "sentences"
base_url = "{url}"
questions_per_chunk = 2
reasoning = false
at_once = 2
[student]
model = "student"
[assemble]
distractors = 2
validation = 0.1
test = 0.2
[train]
epochs = 2
save_every = 2
[predict]
max_tokens = 24
at_once = 1
"""
LATENCY = 0.4  # seconds: long enough that kills meet calls in flight
RULE = re.compile(r"Under rule (\d+) of harbour (\w+), the fee for berth \d+ is (\d+) coins per day")


class Teacher(ThreadingHTTPServer):
    """A chat completions endpoint that answers by rule after a short wait, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Teacher

    def do_POST(self) -> None:
        """Answers a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = body["messages"][-1]["content"]
        self.server.asked.append(prompt)
        time.sleep(LATENCY)
        content = json.dumps(
            {name: item(text) for name, text in re.findall(r'^(sentence_\d+): "(.*)"$', prompt, re.MULTILINE)}
        )
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
        reply = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "scripted",
            "choices": [choice],
            "usage": usage,
        }
        data = json.dumps(reply).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *_: object) -> None:
        """Quiet."""


def item(sentence: str) -> dict[str, str]:
    """Question and answer about a rule."""
    number, harbour, fee = RULE.search(sentence).groups()
    return {"question": f"What is the fee per day under rule {number} of harbour {harbour}?", "answer": f"{fee} coins"}


def make_project(folder: Path, url: str) -> None:
    """A project with 24 passages of two rules each."""
    from tests.tiny_model import save_tiny

    (folder / "documents").mkdir(parents=True)
    harbours = ["Alda", "Brem", "Corvo", "Dunes", "Elmo", "Farsund"]
    lines = []
    for number in range(48):
        harbour = harbours[number // 8]
        lines.append(
            f"Under rule {number} of harbour {harbour}, the fee for berth {number} is {100 + 7 * number} coins per day."
        )
    paragraphs = ["\n".join(lines[start : start + 2]) for start in range(0, 48, 2)]
    (folder / "documents" / "rules.md").write_text("\n\n".join(paragraphs), encoding="utf-8")
    (folder / "raftune.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
    save_tiny(folder / "student")


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """`raftune run` in a process group of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "raftune", "run", "-q", "--project", str(folder), *words]
    return subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def finish(folder: Path, *words: str) -> float:
    """Runs to the end; the seconds it took. Fails loudly when the run fails."""
    begun = time.monotonic()
    process = start(folder, *words)
    _, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"the run failed: {errors.decode()}")
    return time.monotonic() - begun


def kill_after(folder: Path, seconds: float, *words: str) -> bool:
    """Starts a run and kills it after so many seconds; False when it had ended by then."""
    process = start(folder, *words)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    return False


def fingerprints(folder: Path) -> dict[str, str]:
    """Every published file of the store and the digest of its bytes."""
    objects = folder / ".raftune" / "objects"
    return {
        str(path.relative_to(objects)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(objects.rglob("*"))
        if path.is_file() and path.relative_to(objects).parts[0] not in ("drafts", "work")
    }


def remembered(folder: Path) -> set[str]:
    """The prompts whose replies are in the ledger."""
    path = folder / ".raftune" / "ledger.sqlite"
    if not path.exists():
        return set()
    with sqlite3.connect(path) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE name = 'action'").fetchall()
        rows = database.execute("SELECT request FROM action").fetchall() if tables else []
    return {json.loads(request)["messages"][-1]["content"] for (request,) in rows}


def trial(teacher: Teacher, length: float, kills: int, moments: random.Random) -> dict[str, object]:
    """One project, killed up to `kills` times, then run to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        make_project(folder, teacher.url)
        before, repeated, in_flight, done = len(teacher.asked), 0, 0, 0
        for _ in range(kills):
            known, mark = remembered(folder), len(teacher.asked)
            done += kill_after(folder, moments.uniform(0.05, 1.0) * length)
            repeated += sum(prompt in known for prompt in teacher.asked[mark:])
            in_flight += len(set(teacher.asked[mark:]) - remembered(folder))
        known, mark = remembered(folder), len(teacher.asked)
        finish(folder)
        repeated += sum(prompt in known for prompt in teacher.asked[mark:])
        asked = teacher.asked[before:]
        found = {"kills": done, "repeated": repeated, "in_flight": in_flight, "again": len(asked) - len(set(asked))}
        return {**found, "files": fingerprints(folder)}


def main() -> None:
    """Prints one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    teacher, moments = Teacher(), random.Random(options.seed)
    undisturbed = trial(teacher, 0.0, 0, moments)
    with tempfile.TemporaryDirectory() as name:
        make_project(Path(name) / "p", teacher.url)
        length = finish(Path(name) / "p")
    total = {"kills": 0, "byte_equal": True, "repeated_paid_calls": 0, "in_flight": 0, "asked_again": 0}
    while total["kills"] < options.kills:
        found = trial(teacher, length, min(3, options.kills - total["kills"]), moments)
        total["kills"] += found["kills"]
        total["byte_equal"] &= found["files"] == undisturbed["files"]
        total["repeated_paid_calls"] += found["repeated"]
        total["in_flight"] += found["in_flight"]
        total["asked_again"] += found["again"]
        if not options.json:
            print({key: value for key, value in found.items() if key != "files"}, total, flush=True)
    print(json.dumps({**total, "files": len(undisturbed["files"]), "seconds_undisturbed": round(length, 1)}))


if __name__ == "__main__":
    main()
