"""A small real project, and the cockpit over it: in a thread with a client that was let in, or as a process."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from raftune.serve_config import ServeConfig
from raftune.serving.listening import listener
from raftune.web.app import make_app
from raftune.web.cockpit import Cockpit
from tests.pdf_files import Printed, pdf_bytes
from tests.serving.running import answering
from tests.tiny_model import save_tiny

FEE = "The fee for berth {} in the northern harbour is {} coins per day."
RULE = "## 제{}조\n\n제{} 부두의 하루 사용료는 {}만 원으로 하며 매월 말일까지 납부하여야 한다."
SETTINGS = """\
name = "Harbour"
[chunk]
splitter = "structure"
unit = "characters"
maximum = 260
minimum = 60
[teacher]
questions_per_chunk = 3
reasoning = false
[student]
model = "student"
[assemble]
distractors = 2
validation = 0.1
test = 0.3
[train]
epochs = 2
[predict]
max_tokens = 24
"""


def make_project(folder: Path) -> Path:
    """A PDF of six pages, rules in Korean, a damaged file, and a tiny student; nothing run yet."""
    (folder / "documents").mkdir(parents=True)
    pages = [
        [Printed(f"Chapter {page + 1}. Fees of the northern harbour", 740)]
        + [Printed(FEE.format(5 * page + n, 100 + 7 * (5 * page + n)), 700 - 24 * n) for n in range(5)]
        for page in range(6)
    ]
    (folder / "documents" / "harbour-fees.pdf").write_bytes(pdf_bytes(pages, title="Fees"))
    rules = "\n\n".join(RULE.format(n, n, 100 + 7 * n) for n in range(1, 13))
    (folder / "documents" / "항만 규정.md").write_text(rules, encoding="utf-8")
    (folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "raftune.toml").write_text(SETTINGS, encoding="utf-8")
    save_tiny(folder / "student")
    return folder


@dataclass
class Up:
    """A cockpit that answers at `url`; `client` was let in as Ada."""

    url: str
    cockpit: Cockpit
    client: httpx.Client

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A page."""
        return self.client.get(path, **options)

    def post(self, path: str, **fields: Any) -> httpx.Response:
        """A form that was sent by a page of ours."""
        return self.client.post(path, data=fields, headers={"Origin": self.url})


@contextmanager
def served(app: Starlette) -> Iterator[int]:
    """The port that an application answers on."""
    with answering(listener(app, ServeConfig(port=0, drain_seconds=1))) as port:
        yield port


@contextmanager
def running(folder: Path, without: str = "") -> Iterator[Up]:
    """The cockpit of a project; `without` leaves one layer out, to show what it is there for."""
    cockpit = Cockpit(folder, 0)
    app = make_app(cockpit)
    app.user_middleware = [layer for layer in app.user_middleware if layer.cls.__name__ != without]
    with served(app) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as client:
            client.get("/enter", params={"token": cockpit.sessions.ticket()})
            client.post("/settings", data={"who": "Ada", "language": "en", "theme": "light"})
            yield Up(url, cockpit, client)


def decisions(folder: Path) -> list[dict[str, Any]]:
    """The lines of the log."""
    path = folder / "decisions.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@dataclass
class Process:
    """`raftune ui` as a process of its own."""

    folder: Path
    port: int = 0
    process: Any = None

    def start(self) -> str:
        """Starts it; gives the link that lets a browser in."""
        command = [sys.executable, "-m", "raftune", "ui", "--port", str(self.port), "--project", str(self.folder)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        for line in self.process.stdout:
            if found := re.search(r"http://\S+:(\d+)/enter\S+", line):
                self.port = int(found[1])
                return found[0]
        raise AssertionError("raftune ui printed no link")

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> None:
        """As Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.process.stdout.close()
