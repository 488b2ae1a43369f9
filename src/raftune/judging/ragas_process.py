"""RAGAS itself on rows that were graded here: its prompts and arithmetic in a child process, our judge and embedder.

RAGAS and the libraries it needs do not go together with ours, so it has a Python of its own. The child is given no key
and reaches nobody; what it wants to ask a model comes here, goes through the ledger, and is paid for once.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from raftune.contracts import ChatMessage, ChatRequest, Embedder, Progress
from raftune.digest import Json
from raftune.errors import BadReply, ConfigError
from raftune.judging.grader import Graded
from raftune.records import Language
from raftune.stage import Judge
from raftune.teaching.replies import content_of

WORKER = Path(__file__).parent / "ragas_worker.py"
LINE_BYTES = 1 << 28
MOST_TOKENS = 2048
MOST = 16  # rows at a time: each is a thread of the child
SHOWN = 200
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE")
INSTALL = 'Make one: `python -m venv ragas-env`, then `ragas-env/bin/pip install "raftune[ragas]"`.'


@dataclass(frozen=True)
class Theirs:
    """RAGAS's value, or None and why; the judge's replies that it used, each with the name of its form."""

    value: float | None
    note: str = ""
    replies: tuple[tuple[str, Json], ...] = ()


@dataclass
class Ragas:
    """What RAGAS made of rows: its version, an outcome by metric for each row, and how often it asked the judge."""

    version: str = ""
    outcomes: list[dict[str, Theirs]] = field(default_factory=list)
    requests: int = 0

    @property
    def scores(self) -> int:
        """How many outcomes there are."""
        return sum(map(len, self.outcomes))

    def note(self, message: dict[str, Json]) -> None:
        """Takes the child's version, or its outcome of a metric for a row."""
        if "row" not in message:
            self.version = message["version"]
            return
        replies = tuple((name, content) for name, content in message["replies"])
        self.outcomes[message["row"]][message["metric"]] = Theirs(message["value"], message["note"], replies)


async def score_by_ragas(
    python: str,
    cases: Sequence[Graded],
    metrics: Sequence[str],
    judge: Judge,
    embedders: Mapping[Language, Embedder],
    progress: Progress = lambda *_: None,
) -> Ragas:
    """RAGAS's values for the cases, by the ragas of the interpreter `python`.

    Raises ConfigError where there is none, ProviderError where judge or embedder cannot be asked.
    """
    found = Ragas(outcomes=[{} for _ in cases])
    total = len(cases) * len(metrics)
    work = {"rows": [asdict(case) for case in cases], "metrics": list(metrics), "at_once": min(judge.at_once, MOST)}
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+b") as log:
        async with child(python, home, log) as process, Replies(process, judge, embedders, found) as replies:
            process.stdin.write(json.dumps(work).encode() + b"\n")
            while line := await process.stdout.readline():
                message = json.loads(line)
                if "missing" in message:
                    raise ConfigError(f"{python} has no ragas that can be imported ({message['missing']}).", INSTALL)
                if "id" in message:
                    replies.begin(message)
                else:
                    found.note(message)
                    progress(found.scores, total, "")
        if found.scores < total:
            log.seek(0)
            last = log.read().decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
            raise ConfigError(f"RAGAS ended before its work was done ({last[0][:SHOWN]}).", INSTALL)
    return found


@asynccontextmanager
async def child(python: str, home: str, log: Any) -> AsyncIterator[Any]:
    """The running worker, without our environment's secrets; killed when the block ends. Raises ConfigError."""
    environment = {name: value for name in KEPT if (value := os.environ.get(name))}
    environment |= {"HOME": home, "TMPDIR": home, "RAGAS_DO_NOT_TRACK": "true"}
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            python, "-I", str(WORKER), stdin=pipe, stdout=pipe, stderr=log, env=environment, limit=LINE_BYTES
        )
    except OSError as error:
        raise ConfigError(f"{python} cannot be started ({error.strerror}).", INSTALL) from error
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


class Replies:
    """Answers what the child asks, many at a time; what fails here is raised when the block ends."""

    def __init__(self, process: Any, judge: Judge, embedders: Mapping[Language, Embedder], found: Ragas) -> None:
        self.process, self.judge, self.embedders, self.found = process, judge, embedders, found
        self.tasks: set[asyncio.Task[None]] = set()
        self.error: BaseException | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.error is not None:
            raise self.error

    def begin(self, message: dict[str, Json]) -> None:
        """Answers in the background; ends the child where that fails."""
        task = asyncio.create_task(self.reply(message))
        self.tasks.add(task)
        task.add_done_callback(self.ended)

    def ended(self, task: "asyncio.Task[None]") -> None:
        """Notes what went wrong."""
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.error = self.error or error
            with suppress(ProcessLookupError):
                self.process.kill()

    async def reply(self, message: dict[str, Json]) -> None:
        """One answer: vectors, a judge's reply as plain JSON, or what is wrong with it. Raises ProviderError."""
        answer: dict[str, Json] = {"id": message["id"]}
        if "texts" in message:
            vectors = await self.embedders[message["language"]].embed(message["texts"])
            answer["vectors"] = vectors.tolist()
        else:
            self.found.requests += 1
            try:
                reply = await self.judge.chat.complete(request_of(self.judge.model, message))
                answer["text"] = json.dumps(content_of(reply), ensure_ascii=False)
            except BadReply as error:
                answer["fault"] = error.reason
        with suppress(ConnectionError):  # a child that has ended is noticed by who reads from it
            self.process.stdin.write(json.dumps(answer).encode() + b"\n")
            await self.process.stdin.drain()


def request_of(model: str, message: dict[str, Json]) -> ChatRequest:
    """RAGAS's prompt as a request; its number is the seed, so that the same prompt may have several replies."""
    return ChatRequest(
        model=model,
        messages=(ChatMessage(role="user", content=message["prompt"]),),
        max_tokens=MOST_TOKENS,
        seed=message["number"],
        reply_schema=closed(message["schema"], message["schema"].get("$defs", {})),
    )


def closed(schema: Json, definitions: Json) -> Json:
    """A JSON schema without references and with no other fields: what strict endpoints and grammars take."""
    if isinstance(schema, list):
        return [closed(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return closed(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    plain = {name: closed(value, definitions) for name, value in schema.items() if name not in ("$defs", "title")}
    return plain | ({"additionalProperties": False} if plain.get("type") == "object" else {})
