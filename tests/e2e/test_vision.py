"""Pages by vision: a real server knows them and fails in every way; all are right in the end, none is paid twice."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from raftune.ledger import Ledger
from raftune.reading.rendering import data_url, render
from raftune.records import Document
from tests.chat_server import ChatServer, Fault, chat_server, completion, error, pictures_of
from tests.pdf_files import Printed, pdf_bytes

AT_ONCE = 3
NAMES = ("Berth", "Quay", "Pier", "Wharf", "Dock", "Slip", "Mole", "Jetty", "Basin", "Lock")
CONFIG = """\
[ingest]
pdf = "vision"
dots_per_inch = 72
[vision]
model = "eyes"
base_url = "{url}"
at_once = 3
seconds = {seconds}
"""
FAULTS = {
    1: "fenced",
    2: "cut off",
    3: "late",
    4: "too many requests",
    5: "server error",
    6: "garbage",
    7: "numbers missing",
    8: "introduced",
    9: "always garbage",
    10: "none",
}


def printed(number: int) -> list[Printed]:
    name, top = NAMES[number - 1], 740 - 11 * number
    words = f"{name} costs {100 + 7 * number} coins a day and {number}.5 coins an hour in the northern harbour."
    title = Printed(f"{name} rules", top, size=14, bold=True)
    return [title, Printed(words, top - 30), Printed(f"It holds {number * 1111} ships.", top - 43)]


def truth(number: int) -> str:
    title, *lines = (line.text for line in printed(number))
    return f"# {title}\n\n{' '.join(lines)}\n\n> Figure: a crane, about {number} metres high"


class Pages:
    """Answers with the text of the page whose picture it is shown; each page fails once in its own way."""

    def __init__(self, path: Path, count: int, faults: dict[int, str], delay: float = 0.0) -> None:
        pictures = [data_url(render(path, number, 72)) for number in range(1, count + 1)]
        self.numbers = {picture: number for number, picture in enumerate(pictures, 1)}
        self.faults, self.delay = faults, delay
        self.asked: Counter[int] = Counter()
        self.paid: Counter[int] = Counter()
        self.seen: set[str] = set()
        self.lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Fault:
        number = self.numbers[pictures_of(request)[0]]
        with self.lock:
            self.asked[number] += 1
            first, fault = self.asked[number] == 1, self.faults.get(number, "none")
            failing = first or fault.startswith("always")
            if failing:
                self.seen.add(fault)
        time.sleep(self.delay)
        answer = self.failure(request, number, fault) if failing else None
        with self.lock:
            self.paid[number] += answer is None or answer.status == 200
        return answer or completion(request, truth(number))

    def failure(self, request: dict[str, Any], number: int, fault: str) -> Fault | None:
        text = truth(number)
        if fault == "late":
            time.sleep(2.5)
        replies = {
            "fenced": completion(request, f"```markdown\n{text}\n```"),
            "introduced": completion(request, f"Here is the page:\n\n```markdown\n{text}\n```"),
            "cut off": completion(request, text[:40], "length"),
            "too many requests": error(429, "slow down", retry_after="0.05"),
            "server error": error(500, "oops"),
            "garbage": completion(request, "I am sorry, I cannot see pictures."),
            "always garbage": completion(request, "I am sorry, I cannot see pictures."),
            "numbers missing": completion(
                request, text.replace("coins", "money").replace(str(100 + 7 * number), "many")
            ),
        }
        return replies.get(fault)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def project(folder: Path, server: ChatServer, pages: int, seconds: float = 60) -> Path:
    (folder / "documents").mkdir()
    path = folder / "documents" / "rules.pdf"
    path.write_bytes(pdf_bytes([printed(number) for number in range(1, pages + 1)]))
    (folder / "raftune.toml").write_text(CONFIG.format(url=server.url, seconds=seconds), encoding="utf-8")
    return path


def ingested(folder: Path) -> tuple[Document, int]:
    """The document, and how many requests were made for it."""
    result = api.run(api.open_project(folder), Quiet(), until="ingest")
    [document] = api.stored(api.open_project(folder), "ingest")
    assert isinstance(document, Document)
    return document, result.meter.usage.requests


def wait_for_lock(path: Path) -> None:
    """Waits for a child that was being started when its parent was killed: until it runs it holds the parent's lock."""
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


def test_every_page_ends_up_right_whatever_the_server_does(server: ChatServer, tmp_path: Path) -> None:
    path = project(tmp_path, server, len(FAULTS), seconds=2)
    server.script = pages = Pages(path, len(FAULTS), FAULTS)
    document, requests = ingested(tmp_path)
    assert pages.seen == set(FAULTS.values())
    for page in document.pages:
        if FAULTS[page.number] == "always garbage":
            assert page.way == "text"
            assert page.warnings == ("vision: 100 % of its numbers are missing, text layer used",)
            assert f"{page.number * 1111} ships" in page.text
        else:
            assert (page.way, page.text) == ("vision", truth(page.number))
    read_twice = {page.number for page in document.pages if "vision: read twice" in page.warnings}
    assert {FAULTS[number] for number in read_twice} == {"cut off", "garbage", "numbers missing"}
    once = {number for number, fault in FAULTS.items() if fault in {"fenced", "introduced", "none"}}
    assert {pages.asked[number] for number in once} == {1}
    assert {pages.asked[number] for number in set(FAULTS) - once} == {2}
    assert requests == len(FAULTS) + 4


def test_the_words_of_a_page_by_vision_have_boxes(server: ChatServer, tmp_path: Path) -> None:
    path = project(tmp_path, server, 1)
    server.script = Pages(path, 1, {})
    document, _ = ingested(tmp_path)
    folder = api.stored(api.open_project(tmp_path), "ingest").file("words")
    row = json.loads((folder / f"{document.sha256}.jsonl").read_text())
    text = document.pages[0].text
    placed = {text[word[0] : word[1]] for word in row["words"]}
    assert {"Berth", "rules", "107", "northern", "1111"} <= placed
    assert "crane" not in placed


def test_a_second_run_and_a_run_afresh(server: ChatServer, tmp_path: Path) -> None:
    path = project(tmp_path, server, 2)
    server.script = pages = Pages(path, 2, {})
    first, _ = ingested(tmp_path)
    assert ingested(tmp_path) == (first, 0)
    api.run(api.open_project(tmp_path, ["ingest.vision_words=0.8"]), Quiet(), until="ingest")
    assert pages.paid.total() == 2
    ledger = tmp_path / ".raftune" / "ledger.sqlite"
    assert b"base64" not in ledger.read_bytes()


def test_vision_settings_change_nothing_where_no_page_is_looked_at(server: ChatServer, tmp_path: Path) -> None:
    project(tmp_path, server, 1)
    changes = ["ingest.pdf=text", "vision.model=other"]
    api.run(api.open_project(tmp_path, changes[:1]), Quiet(), until="ingest")
    assert api.plan(api.open_project(tmp_path, changes))[0].status == "stored"
    assert server.requests == []


def test_a_killed_run_pays_no_page_twice(server: ChatServer, tmp_path: Path) -> None:
    count = 9
    path = project(tmp_path, server, count)
    server.script = pages = Pages(path, count, {}, delay=0.2)
    command = [sys.executable, "-m", "raftune", "run", "-p", str(tmp_path), "--until", "ingest", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while pages.paid.total() < count // 2 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    wait_for_lock(tmp_path / ".raftune" / "lock")
    ledger = Ledger(tmp_path / ".raftune" / "ledger.sqlite")
    kept = ledger.count("chat", "run")
    ledger.close()
    document, requests = ingested(tmp_path)
    assert [page.text for page in document.pages] == [truth(number) for number in range(1, count + 1)]
    assert requests == count - kept
    assert 0 < kept < count
    assert pages.asked.total() - count <= AT_ONCE  # only calls in flight at the kill are made again
    assert max(pages.asked.values()) <= 2
