"""Reads a file in a child process with limits on time and memory: a hostile document ends the child, not the run.

The child writes a line of JSON for each document and page as soon as it has it. A page that brings the child down, or
takes too long, is left out with a warning, and a new child goes on behind it.
"""

import asyncio
import json
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from raftune.contracts import Reader
from raftune.digest import Json
from raftune.errors import DocumentError, MissingExtra
from raftune.reading.kinds import advice
from raftune.readings import Limits, Opened, PageReading, Reading, ReadOptions, WordBox
from raftune.records import Page

HEAD_BYTES = 1024
FIRST, LAST = ("pdf",), ("markdown", "csv", "text")  # the commonest; what is left when no reader knows the bytes
LINE_BYTES = 64 << 20
LOST_IN_A_ROW = 3
FEWEST_PAGES = 40  # of a part: each process opens the file and looks at ten pages around
NOT_READ = "not read"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
PASSING = frozenset({"too slow", "too large", "crashed"})  # the page's fault, perhaps not the file's


async def read_isolated(path: Path, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
    """The documents of a file: each `Opened`, then its pages; the parts of a long numbered one are read side by side.

    Raises DocumentError as `read_range` does.
    """
    async with AsyncExitStack() as stack:
        part = await stack.enter_async_context(aclosing(read_range(path, options, limits)))
        opened = await anext(part, None)
        if opened is None:
            return
        yield opened
        starts = further_starts(opened, options.first, limits.processes)
        parts = [
            await stack.enter_async_context(aclosing(read_range(path, replace(options, first=start), limits)))
            for start in starts
        ]
        begun = [asyncio.ensure_future(anext(further)) for further in parts]  # what they write waits in their pipes
        for start, opening, further in zip(starts, begun, parts, strict=True):
            async for event in part:
                yield event
                if isinstance(event, PageReading) and event.page.number == start - 1:
                    break
            await opening
            part = further
        async for event in part:
            yield event


def further_starts(opened: Opened | PageReading, first: int, processes: int) -> list[int]:
    """The pages, beside the first, at which parts of a document begin that are read side by side."""
    if not isinstance(opened, Opened) or not opened.numbered:
        return []
    count = opened.count - first + 1
    parts = max(1, min(processes, count // FEWEST_PAGES))
    return [first + count * part // parts for part in range(1, parts)]


@dataclass
class Range:
    """How far reading has come: `done` is the last page that is settled, `lost` how many before it were given up."""

    done: int
    opened: Opened | None = None
    lost: int = 0
    careful: bool = False
    read: bool = False
    ended: bool = False

    def take(self, event: Opened | PageReading) -> bool:
        """Notes what a child says; whether it is news: a second child opens the document once more."""
        if isinstance(event, PageReading):
            self.done, self.lost, self.read = event.page.number, 0, True
            return True
        news = self.opened is None or not event.numbered
        self.opened = event
        return news

    def lose(self, error: DocumentError) -> PageReading | None:
        """The page that a child did not survive, or None where it is to be tried again. Raises `error` to give up."""
        opened = self.opened
        if opened is None or not opened.numbered or error.reason not in PASSING or self.lost >= LOST_IN_A_ROW:
            raise error
        if not self.careful:  # a reader that looks ahead may have fallen over a later page
            self.careful = True
            return None
        if self.done >= opened.count:
            self.ended = True
            return None
        self.done, self.lost = self.done + 1, self.lost + 1
        self.ended = self.done >= opened.count
        if self.ended and not self.read:
            raise error
        return PageReading(Page(number=self.done, text="", way="none", warnings=(f"{NOT_READ}: {error.reason}",)))


async def read_range(path: Path, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
    """The documents of a file: each `Opened`, then its pages. All pages of a numbered one come, some with a warning.

    A document none of whose pages can be read is refused for the last one's reason. Raises DocumentError: "unreadable",
    "unknown kind", "encrypted", "damaged", "no text", "too slow", "too large", "crashed", "missing extra", or another
    reason of a reader.
    """
    state = Range(options.first - 1)
    while not state.ended:
        lost = None
        try:
            here = replace(options, first=state.done + 1, careful=state.careful)
            async with aclosing(read_once(path, here, limits)) as events:
                async for event in events:
                    if state.take(event):
                        yield event
        except DocumentError as error:
            lost = state.lose(error)
        else:
            return
        if lost is not None:
            yield lost


async def read_once(path: Path, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
    """What one child says about a file, until its end. Raises DocumentError, also where the child ends too early."""
    arguments = json.dumps({"path": str(path), "options": asdict(options), "limits": asdict(limits)})
    async with child([sys.executable, "-P", "-m", "raftune.reading.isolation", arguments]) as process:
        while True:
            try:
                line = await asyncio.wait_for(process.stdout.readline(), limits.seconds)
            except TimeoutError as error:
                raise too_slow(path.name, limits.seconds) from error
            except ValueError as error:
                raise too_large(path.name) from error
            answer = answer_of(line)
            if "error" in answer:
                raise DocumentError(**answer["error"])
            if "page" in answer:
                yield page_reading(answer)
            elif "opened" in answer:
                yield Opened(**answer["opened"])
            elif "end" in answer:
                return
            else:
                raise ended_early(path.name, await process.wait(), limits)


@asynccontextmanager
async def child(command: Sequence[str]) -> AsyncIterator[Any]:
    """A running child with an output to read from; killed, with all it started, when the block ends."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        limit=LINE_BYTES,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()  # wait() would not return while output is unread


def answer_of(line: bytes) -> dict[str, Any]:
    """A line of the child as an object; {} where it was cut short."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def ended_early(name: str, status: int, limits: Limits) -> DocumentError:
    """The error for a child that ended without saying why."""
    if status == -signal.SIGXCPU:
        return too_slow(name, limits.seconds)
    return crashed(name, f"status {status}")


def too_slow(name: str, seconds: float) -> DocumentError:
    """The error for a file that takes too long."""
    return DocumentError(
        f"{name} takes longer than {seconds:g} seconds to open or for a page.",
        "Split it, or raise ingest.seconds.",
        "too slow",
    )


def too_large(name: str) -> DocumentError:
    """The error for a file that takes too much memory."""
    return DocumentError(
        f"{name} takes more memory than a reader may use.", "Split it, or raise ingest.megabytes.", "too large"
    )


def crashed(name: str, cause: str) -> DocumentError:
    """The error for a file that its reader does not survive."""
    return DocumentError(
        f"{name} brought its reader down ({cause}).", "Open it in a viewer and save it again.", "crashed"
    )


def readers() -> Iterator[Reader]:
    """All readers: PDF, then those that know a kind by its bytes, plain text last."""
    package = import_module("raftune.readers")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    middle = [name for name in sorted(names) if name not in {*FIRST, *LAST}]
    for name in (*FIRST, *middle, *LAST):
        yield import_module(f"raftune.readers.{name}").plug


def read_file(path: Path, options: ReadOptions) -> tuple[str, Iterator[Reading]]:
    """The media type and documents of a file, by the first reader that accepts it. Raises DocumentError."""
    if not path.is_file():
        raise DocumentError(f"{path.name} is not a file that is there.", "Check its path.", "unreadable")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise DocumentError(f"{path.name} is empty.", "Remove it.", "no text")
    for reader in readers():
        if reader.accepts(path, head):
            return reader.media_type, iter(reader.read(path, options))
    raise DocumentError(f"{path.name} is of a kind that no reader knows.", advice(head, path.name), "unknown kind")


def limit(limits: Limits) -> None:
    """Limits this process: address space, no core file, and processor time until the next page."""
    import resource

    size = limits.megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allow_time(limits.seconds)


def allow_time(seconds: float) -> None:
    """Gives this process so many seconds more on all cores. The parent measures true time; this outlives the parent."""
    import resource

    spent = time.process_time() + seconds * (os.cpu_count() or 1)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 1, hard))


def answers_for(path: Path, options: ReadOptions, limits: Limits) -> Iterator[Json]:
    """What a child says about a file: documents and pages as they come, then the end or an error."""
    try:
        media_type, readings = read_file(path, options)
        for reading in readings:
            yield {"opened": asdict(Opened(media_type, reading.title, reading.count, reading.part, reading.numbered))}
            for page in reading.pages:
                yield page_answer(page)
                allow_time(limits.seconds)
        yield {"end": True}
    except (DocumentError, MissingExtra) as error:
        yield error_answer(error, getattr(error, "reason", "missing extra"))
    except OSError as error:
        yield error_answer(
            DocumentError(f"{path.name} cannot be read ({error.strerror}).", "Check its permissions."), "unreadable"
        )
    except (MemoryError, RecursionError):
        yield error_answer(too_large(path.name), "too large")


def page_answer(reading: PageReading) -> Json:
    """A page as a child hands it over: coordinates in tenths of a point."""
    words = [[word.start, word.end, *(round(edge, 1) for edge in word[2:])] for word in reading.words]
    size = [round(reading.width, 1), round(reading.height, 1)]
    return {"page": reading.page.model_dump(mode="json"), "words": words, "size": size}


def page_reading(answer: dict[str, Any]) -> PageReading:
    """A page as it was handed over."""
    words = tuple(WordBox(*word) for word in answer["words"])
    return PageReading(Page.model_validate(answer["page"]), words, *answer["size"])


def line_of(answer: Json) -> str:
    """An answer as a line. Half a surrogate pair, which no file can hold, becomes the mark of an unknown character."""
    return LONE_SURROGATE.sub("\ufffd", json.dumps(answer, ensure_ascii=False)) + "\n"


def error_answer(error: DocumentError | MissingExtra, reason: str) -> Json:
    """An error as a child hands it over."""
    return {"error": {"message": error.message, "advice": error.advice, "reason": reason}}


def main(argument: str) -> None:
    """The child. What libraries print goes elsewhere, so that the output is lines of JSON only."""
    task = json.loads(argument)
    options = ReadOptions(
        **{**task["options"], "ways": {int(page): way for page, way in task["options"]["ways"].items()}}
    )
    limits, path = Limits(**task["limits"]), Path(task["path"])
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)
        limit(limits)
        try:
            for answer in answers_for(path, options, limits):
                output.write(line_of(answer))
                output.flush()
        except Exception as error:
            output.write(line_of(error_answer(crashed(path.name, type(error).__name__), "crashed")))
            raise


if __name__ == "__main__":
    main(sys.argv[1])
