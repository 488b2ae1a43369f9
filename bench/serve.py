"""The service under load: many streaming clients, one at a time, llama.cpp's server; and answers from documents.

python bench/serve.py [--parts load documents gguf] [--clients 32] [--seconds 300] [--project FOLDER] [--questions 100]
    [--json]

`load` starts `raftune serve` on an empty project, so that it has the embedded student alone, and asks it by
--clients streaming clients for --seconds; then by one client for a fifth of that; then llama.cpp's own server, on the
student's GGUF as it is shipped, with as many slots as clients, in the same way. Questions are short and different;
replies have at most 64 tokens. `fairness` is the fewest replies that a client got by the most; `grown_mb` is how much
the service's memory grew from the end of the first tenth of the time to its end.

`documents` asks `raftune-rag` of a project that was run (the demo), one at a time: questions of its reviewed answers,
test ones first, and 20 that nothing in the demo's report answers. `quotes_verified`: the share of answers with at least
one quote, all of which stand in a passage that was shown; `right_page`: the share with a quote on a page of the passage
that answers; `refusals_right`: the share of the 20 that are refused; `refusals_wrong`: of the others.

`gguf`: of 20 prompts of that project's test part, how many have the same greedy text by llama.cpp on the merged GGUF as
by the local engine with the adapter, by the numbers of the GGUF.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from gguf_texts import same_texts
from raftune.api import open_project, stored
from raftune.models.student import find_student
from serve_questions import SUBJECTS, UNANSWERABLE

PARTS = ("load", "documents", "gguf")
STUDENT, TOKEN, MOST = "smollm2-135m-instruct", "0123456789abcdef" * 2, 64
LLAMA = """
import sys, time, xllamacpp as llama
p = llama.CommonParams()
p.model.path, p.n_parallel, p.n_ctx, p.port = sys.argv[1], int(sys.argv[2]), 1024 * int(sys.argv[2]), int(sys.argv[3])
p.verbosity, p.warmup, p.ui, p.api_keys = -1, False, False, [sys.argv[4]]
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = int(sys.argv[5])
server = llama.Server(p)
server.handle_completions({"prompt": [0], "max_tokens": 1})
print("base_url", server.listening_address if hasattr(server, "listening_address") else "", flush=True)
time.sleep(1e6)
"""


@dataclass
class Tally:
    """What clients got."""

    replies: list[int] = field(default_factory=list)
    tokens: int = 0
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def merged(self, other: "Tally") -> "Tally":
        """Both."""
        return Tally(
            self.replies + other.replies,
            self.tokens + other.tokens,
            self.first + other.first,
            self.errors + other.errors,
        )


@contextmanager
def serving(project: Path) -> Iterator[tuple[str, int]]:
    """The address of `raftune serve` on a project, and its process."""
    command = [sys.executable, "-m", "raftune", "serve", "--project", str(project), "--port", "0"]
    command += ["--set", "serve.at_once=32"]
    environment = {**os.environ, "RAFTUNE_TOKEN": TOKEN}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as up:
        try:
            yield next(line.split()[1] for line in up.stdout or () if "base_url" in line), up.pid
        finally:
            up.terminate()


@contextmanager
def llama_serving(slots: int) -> Iterator[str]:
    """The address of llama.cpp's server on the student's own GGUF."""
    port, gguf = 18_080, find_student(STUDENT).gguf
    command = [sys.executable, "-c", LLAMA, str(gguf), str(slots), str(port), TOKEN, str(multiprocessing.cpu_count())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as up:
        try:
            next(line for line in up.stdout or () if "base_url" in line)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            up.kill()


async def ask(client: httpx.AsyncClient, model: str, question: str, tally: Tally, most: int = MOST) -> str:
    """One streamed reply, counted."""
    body = {
        "model": model,
        "messages": [{"role": "user", "content": question}],
        "max_tokens": most,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
    }
    began, text, first = time.perf_counter(), [], 0.0
    async with client.stream("POST", "/chat/completions", json=body) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if not line.startswith("data: ") or line == "data: [DONE]":
                continue
            found = json.loads(line[6:])
            for choice in found.get("choices", ()):
                delta = choice["delta"]
                if (delta.get("content") or delta.get("reasoning_content")) and not first:
                    first = time.perf_counter() - began
                text.append(delta.get("content") or "")
            if found.get("usage"):
                tally.tokens += found["usage"]["completion_tokens"]
    tally.first.append(first)
    return "".join(text)


async def client_for(address: str, model: str, number: int, until: float) -> Tally:
    """One client that asks again and again until a time."""
    tally, count = Tally(), 0
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120) as client:
        while time.perf_counter() < until:
            subject = SUBJECTS[(number * 7 + count) % len(SUBJECTS)]
            try:
                await ask(client, model, f"Tell me {count + 2} facts about {subject}.", tally)
                count += 1
            except (httpx.HTTPError, ValueError, KeyError) as error:
                tally.errors.append(f"{type(error).__name__}: {error}"[:200])
    tally.replies.append(count)
    return tally


async def loaded(address: str, model: str, clients: int, seconds: float) -> tuple[Tally, float]:
    """What clients got together, and how long it took."""
    began = time.perf_counter()
    found = await asyncio.gather(*(client_for(address, model, number, began + seconds) for number in range(clients)))
    whole = Tally()
    for one in found:
        whole = whole.merged(one)
    return whole, time.perf_counter() - began


async def watched(address: str, clients: int, seconds: float, process: int) -> tuple[Tally, float, float]:
    """The same, and by how many MB the service grew after the first tenth."""
    load = asyncio.create_task(loaded(address, STUDENT, clients, seconds))
    await asyncio.sleep(seconds / 10)
    before = megabytes(process)
    tally, took = await load
    return tally, took, megabytes(process) - before


def megabytes(process: int) -> float:
    """Memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def load(clients: int, seconds: float) -> dict[str, Any]:
    """The figures of `load`."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "raftune.toml").write_text('name = "load"\n', encoding="utf-8")
        with serving(Path(name)) as (address, process):
            many, took, grown = asyncio.run(watched(address, clients, seconds, process))
            one, alone = asyncio.run(loaded(address, STUDENT, 1, seconds / 5))
    with llama_serving(clients) as address:
        other, llama = asyncio.run(loaded(address, STUDENT, clients, seconds / 5))
        single, llama_alone = asyncio.run(loaded(address, STUDENT, 1, seconds / 10))
    together, by_one = many.tokens / took, one.tokens / alone
    return {
        "clients": clients,
        "seconds": round(took),
        "replies": sum(many.replies),
        "tokens_per_second": round(together, 1),
        "one_at_a_time_tokens_per_second": round(by_one, 1),
        "times": round(together / by_one, 2),
        "llama_server_tokens_per_second": round(other.tokens / llama, 1),
        "llama_server_one_at_a_time_tokens_per_second": round(single.tokens / llama_alone, 1),
        "llama_server_errors": len(other.errors),
        "errors": len(many.errors) + len(one.errors),
        "error": next(iter(many.errors + one.errors + other.errors), ""),
        "fairness": round(min(many.replies) / max(many.replies), 2),
        "grown_mb": round(grown),
        **waits(many, "load_"),
    }


def waits(tally: Tally, lead: str = "") -> dict[str, int]:
    """Time to the first token in milliseconds, half and 95 % of requests."""
    found = sorted(tally.first)
    return {
        f"{lead}p{part}_ttft_ms": round(1000 * found[min(len(found) - 1, len(found) * part // 100)])
        for part in (50, 95)
    }


def documents(project: Path, count: int) -> dict[str, Any]:
    """The figures of `documents`."""
    asked = questions_of(project, count)
    with serving(project) as (address, _):
        return asyncio.run(answered(address, asked))


def questions_of(project: Path, count: int) -> list[tuple[str, str, tuple[int, ...]]]:
    """Questions with the path and pages of the passage that answers them, those of the test part first."""
    opened = open_project(project)
    examples: Any = list(stored(opened, "assemble"))
    chunks: Any = {chunk.id: chunk for chunk in stored(opened, "chunk")}
    answers: Any = {answer.id: answer for answer in stored(opened, "review")}
    order = {"test": 0, "validation": 1, "train": 2}
    found: dict[str, tuple[str, str, tuple[int, ...]]] = {}
    for example in sorted(examples, key=lambda one: order[one.split]):
        chunk = chunks[answers[example.answer].chunk]
        found.setdefault(example.text, (example.text, chunk.path, chunk.pages))
    return list(found.values())[:count]


async def answered(address: str, asked: Sequence[tuple[str, str, tuple[int, ...]]]) -> dict[str, Any]:
    """Asks all, one after the other."""
    tally, verified, right, quoted, refused = Tally(), 0, 0, 0, 0
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=300) as client:
        for question, path, pages in asked:
            quotes, refusal = await cited(client, question, tally)
            refused += refusal
            quoted += bool(quotes)
            verified += bool(quotes) and all(quote["verified"] for quote in quotes)
            right += any(quote["document"] == path and set(quote["pages"]) & set(pages) for quote in quotes)
        refusals = [(await cited(client, question, tally))[1] for question in UNANSWERABLE]
    size = len(asked)
    return {
        "questions": size,
        "quoted": quoted / size,
        "quotes_verified": verified / size,
        "right_page": right / size,
        "refusals_wrong": refused / size,
        "refusals_right": sum(refusals) / len(refusals),
        **waits(tally),
    }


async def cited(client: httpx.AsyncClient, question: str, tally: Tally) -> tuple[list[dict[str, Any]], bool]:
    """The citations of an answer, and whether it was a refusal."""
    body = {"model": "raftune-rag", "messages": [{"role": "user", "content": question}], "stream": True}
    began, first, quotes, text = time.perf_counter(), 0.0, [], ""
    async with client.stream("POST", "/chat/completions", json=body) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if not line.startswith("data: ") or line == "data: [DONE]":
                continue
            for choice in json.loads(line[6:]).get("choices", ()):
                delta = choice["delta"]
                if (delta.get("content") or delta.get("reasoning_content")) and not first:
                    first = time.perf_counter() - began
                text += delta.get("content") or ""
                quotes += [one["citation"] for one in delta.get("annotations") or ()]
    tally.first.append(first)
    from raftune.prompts import prompt_text

    return quotes, text.strip() in (prompt_text("refuse", "en"), prompt_text("refuse", "ko"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--project", type=Path, default=Path(__file__).parents[1] / "examples" / "central-bank")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    arguments = parser.parse_args()
    result: dict[str, Any] = {}
    if "load" in arguments.parts:
        result |= load(arguments.clients, arguments.seconds)
    if "documents" in arguments.parts:
        result |= documents(arguments.project, arguments.questions)
    if "gguf" in arguments.parts:
        result |= {"gguf_same_text": same_texts(arguments.project)}
    result |= {"machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores"}
    result |= {"date": datetime.now(UTC).date().isoformat()}
    print(json.dumps(result, indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
