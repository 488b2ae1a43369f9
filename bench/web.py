"""The cockpit over a project of many answers and examples: how long pages take on the server, and how much memory.

python bench/web.py [--rows 200000] [--decided 0.5] [--seconds 20] [--json]

Makes a project as the pipeline stores one: a document of several pages, passages, --rows answers to decide about and as
many examples, and a log with decisions about --decided of them. Then starts `raftune ui` and asks it over one
connection: `first_page_ms` is the slowest of the pages that one opens first (pipeline, review), `next_item_ms` the
slowest tenth of decisions, each forced to disk, with the next answer in the reply; `filter_ms` the slowest of filters
and searches; `export_mb_per_s` how fast all answers come as CSV; `peak_mb` the most memory of the process in all that,
making its index included; `index_s` what that took. `axe_serious` counts serious faults that axe-core finds on the
pages, in the browser.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from raftune.artifact import Draft
from raftune.digest import digest
from raftune.records import Answer, Chunk, ContextDocument, Document, Example, Page, Quote, Record
from raftune.runner import Journal
from raftune.stores.files import FileStore

AXE = Path(__file__).parents[1] / "tests" / "web" / "vendored" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
PAGES = ("pipeline", "documents", "review", "review?state=all", "training", "results", "chat", "audit", "settings")
WORDS = (
    "harbour", "berth", "fee", "coins", "vessel", "pilot", "tug", "quay", "storage", "container", "customs", "notice",
    "approval", "officer", "register", "permit", "summer", "winter", "weekday", "deadline", "penalty", "deposit",
    "부두", "사용료", "선박", "신고", "허가", "위원회", "기한", "보증금",
)  # fmt: skip
OTHERS = ("/documents", "/rows/assemble", "/training", "/results", "/chat", "/audit")
PER_CHUNK, PER_DOCUMENT = 5, 400
KINDS = ("fact", "number", "condition", "procedure", "table")


def sentence(number: int, chance: random.Random) -> str:
    """A sentence of its own."""
    words = " ".join(chance.choices(WORDS, k=18))
    return f"Under rule {number} the {words} is {100 + number} coins per day."


def passages(count: int, chance: random.Random) -> Iterator[tuple[Document, list[Chunk]]]:
    """Documents with their passages, `count` in all."""
    for first in range(0, count, PER_DOCUMENT):
        numbers = range(first, min(count, first + PER_DOCUMENT))
        texts = ["\n".join(sentence(PER_CHUNK * n + k, chance) for k in range(PER_CHUNK)) for n in numbers]
        path = f"rules-{first // PER_DOCUMENT:04}.md"
        pages = tuple(
            Page(number=n + 1, text="\n".join(texts[10 * n : 10 * n + 10])) for n in range(-(-len(texts) // 10))
        )
        document = Document(
            path=path, sha256=digest(path, 64), media_type="text/markdown", title=path, language="en", pages=pages
        )
        chunks, start = [], 0
        for place, text in enumerate(texts):
            chunks.append(
                Chunk(
                    document=document.id, path=path, text=text, start=start, end=start + len(text),
                    pages=(place // 10 + 1,), headings=("Rules", f"Part {place // 10 + 1}"), language="en",
                )
            )  # fmt: skip
            start += len(text) + 1
        yield document, chunks


def answers_of(chunk: Chunk, first: int) -> Iterator[Answer]:
    """An answer to each sentence of a passage."""
    start = 0
    for place, text in enumerate(chunk.text.split("\n")):
        number = first + place
        quote = Quote(chunk=chunk.id, start=start, end=start + len(text), text=text)
        flags = ("unverified",) if number % 17 == 0 else ()
        yield Answer(
            question=f"q{number}", chunk=chunk.id, text=f"What is to be paid each day under rule {number}?",
            reasoning=f"Rule {number} names the sum for each day, and nothing else changes it.", quotes=(quote,),
            final=f"{100 + number} coins", language="en", author="teacher", kind=KINDS[number % 5], flags=flags,
        )  # fmt: skip
        start += len(text) + 1


def example_of(answer: Answer, chunk: Chunk, other: Chunk) -> Example:
    """A row of the training set with one distractor."""
    shown = (
        ContextDocument(chunk=chunk.id, text=chunk.text, tier="oracle"),
        ContextDocument(chunk=other.id, text=other.text),
    )
    return Example(
        answer=answer.id, text=answer.text, documents=shown, oracle=0, group=chunk.id, document_set=chunk.id,
        source=chunk.path, split="train", behaviour="answer", reasoning=answer.reasoning, quotes=answer.quotes,
        final=answer.final, reference=answer.final, language="en",
    )  # fmt: skip


def make_project(folder: Path, rows: int, decided: float) -> None:
    """Stores the artifacts that the pages show, and the log."""
    chance = random.Random(1)
    (folder / "documents").mkdir(parents=True)
    (folder / "raftune.toml").write_text('name = "Many"\n[ui]\nreviewers = ["ada", "ben"]\noverlap = 0.15\n')
    (folder / ".raftune").mkdir()
    store, journal = FileStore(folder / ".raftune" / "objects"), Journal(folder / ".raftune" / "journal.jsonl")
    stages = ("ingest", "chunk", "verify", "assemble")
    managers = {name: store.draft(name, f"made-{name}", {}) for name in stages}
    drafts: dict[str, Draft] = {name: manager.__enter__() for name, manager in managers.items()}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    number = 0
    with (folder / "decisions.jsonl").open("w") as log:
        for document, chunks in passages(-(-rows // PER_CHUNK), chance):
            add(drafts["ingest"], [document])
            add(drafts["chunk"], chunks)
            for place, chunk in enumerate(chunks):
                answers = list(answers_of(chunk, number))
                number += len(answers)
                add(drafts["verify"], answers)
                add(drafts["assemble"], [example_of(one, chunk, chunks[place - 1]) for one in answers])
                for one in answers:
                    if chance.random() < decided:
                        verdict = "reject" if chance.random() < 0.1 else "accept"
                        who = ("ada", "ben")[number % 2]
                        log.write(json.dumps({"answer": one.id, "verdict": verdict, "who": who, "when": when}) + "\n")
    for name, manager in managers.items():
        manager.__exit__(None, None, None)
        journal.note(name, f"made-{name}", {}, 1.0)


def add(draft: Draft, rows: Sequence[Record]) -> None:
    """Appends rows to an artifact."""
    for row in rows:
        draft.add(row)


@contextmanager
def cockpit(folder: Path) -> Iterator[tuple[str, int]]:
    """`raftune ui` on the project: the link that lets in, and its process."""
    command = [sys.executable, "-m", "raftune", "ui", "--port", "0", "--project", str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as up:
        try:
            yield next(found[0] for line in up.stdout or () if (found := re.search(r"http://\S+", line))), up.pid
        finally:
            up.terminate()


def peak_megabytes(pid: int) -> float:
    """The most memory that a process had resident so far."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) / 1024


def timed(client: httpx.Client, path: str, **form: str) -> tuple[float, str]:
    """Milliseconds until the whole answer is there, and its text."""
    began = time.perf_counter()
    headers = {"Origin": str(client.base_url).rstrip("/"), "HX-Request": "true"}
    answer = client.post(path, data=form, headers=headers) if form else client.get(path)
    took = 1000 * (time.perf_counter() - began)
    answer.raise_for_status()
    return took, answer.text


def decide_for(client: httpx.Client, seconds: float) -> list[float]:
    """Milliseconds of each decision with the next answer, for some time: accept, reject, undo, skip."""
    _, page = timed(client, "/review")
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name = re.findall(r"/review/([0-9a-f]{20})/decide", page)[0]
        turn = len(times) % 10
        if turn == 9:
            took, page = timed(client, "/review/undo", verdict="undo")
        elif turn == 8:
            took, page = timed(client, f"/review/{name}/decide", verdict="reject", reason="trivial")
        else:
            took, page = timed(client, f"/review/{name}/decide", verdict="accept")
        times.append(took)
    return times


def filters_of(client: httpx.Client) -> dict[str, float]:
    """The slowest of three for each filter, in milliseconds."""
    wanted = (
        "state=undecided", "state=all&path=rules-0003.md", "kind=table", "flag=unverified", "state=reject",
        "state=conflict", "state=common", "state=all&text=rule 199", "state=undecided&text=nowhere",
        "state=all&text=부두", "state=reject&kind=number&flag=unverified&text=rule",
    )  # fmt: skip
    return {query: max(timed(client, f"/review?{query}")[0] for _ in range(3)) for query in wanted}


def export_speed(client: httpx.Client) -> tuple[float, float]:
    """Megabytes a second of the sheet of all answers, and megabytes."""
    began, size = time.perf_counter(), 0
    with client.stream("GET", "/review/export.csv?state=all") as answer:
        for block in answer.iter_bytes():
            size += len(block)
    return size / 1e6 / (time.perf_counter() - began), size / 1e6


def serious_faults(link: str) -> int:
    """Serious and critical faults on all pages; each is named in the log of errors."""
    from playwright.sync_api import sync_playwright

    rule = (
        "axe.run(document, {iframes: false}).then(found => found.violations.filter("
        "one => ['serious', 'critical'].includes(one.impact)).map(one => one.id + ' ' + one.nodes[0].html))"
    )
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(link)
        session = page.context.new_cdp_session(page)
        for name in PAGES:
            page.goto(f"{link.split('/enter', maxsplit=1)[0]}/{name}")
            page.wait_for_timeout(300)
            session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
            wanted = {"expression": rule, "awaitPromise": True, "returnByValue": True}
            faults = session.send("Runtime.evaluate", wanted)["result"]["value"]
            count += len(faults)
            for fault in faults:
                print(f"{name}: {fault}", file=sys.stderr)
        browser.close()
    return count


def measure(folder: Path, rows: int, seconds: float) -> dict[str, Any]:
    """All figures."""
    with cockpit(folder) as (link, pid), httpx.Client(timeout=300, follow_redirects=True) as client:
        client.base_url = httpx.URL(link.split("/enter")[0])
        client.get(link)
        timed(client, "/settings", who="ada", language="en", theme="light")
        began = time.monotonic()
        while 'http-equiv="refresh"' in timed(client, "/review")[1]:
            time.sleep(0.2)
        index = time.monotonic() - began
        first = {path: max(timed(client, path)[0] for _ in range(3)) for path in ("/pipeline", "/review")}
        others = {path: max(timed(client, path)[0] for _ in range(2)) for path in OTHERS}
        decisions = sorted(decide_for(client, seconds))
        filters = filters_of(client)
        speed, megabytes = export_speed(client)
        peak = peak_megabytes(pid)
        again = re.findall(r"http://\S+?/enter\?token=[\w-]+", timed(client, "/settings/link", make="1")[1])[0]
        serious = serious_faults(again)
    return {
        "rows": rows,
        "first_page_ms": round(max(first.values()), 1),
        "next_item_ms": round(decisions[int(0.9 * len(decisions))], 1),
        "filter_ms": round(max(filters.values()), 1),
        "export_mb_per_s": round(speed, 2),
        "peak_mb": round(peak, 1),
        "axe_serious": serious,
        "index_s": round(index, 1),
        "next_item_median_ms": round(decisions[len(decisions) // 2], 1),
        "decisions": len(decisions),
        "export_mb": round(megabytes, 1),
        "filters_ms": {query: round(took, 1) for query, took in filters.items()},
        "pages_ms": {path: round(took, 1) for path, took in (first | others).items()},
    }


def main() -> None:
    """Makes the project, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--decided", type=float, default=0.5)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="raftune-web-") as folder:
        project = Path(folder) / "many"
        make_project(project, options.rows, options.decided)
        found = measure(project, options.rows, options.seconds)
    for name, value in () if options.json else found.items():
        print(f"{name:<20} {value}")
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
