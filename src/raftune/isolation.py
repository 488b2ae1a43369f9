"""Reads a file in a child process with limits on time and memory: a hostile document ends the child, not the run."""

import asyncio
import contextlib
import json
import os
import pkgutil
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from raftune.contracts import Reader, Reading
from raftune.digest import Json
from raftune.errors import DocumentError
from raftune.records import Page

HEAD_BYTES = 1024
LAST = ("markdown", "text")  # what is left when no reader knows the bytes


async def read_isolated(path: Path, seconds: float, megabytes: int) -> tuple[str, Reading]:
    """The media type and pages of a file, read in a child that may take so many seconds and megabytes.

    Raises DocumentError with the reason "unreadable", "unknown kind", "encrypted", "damaged", "no text", "too slow",
    "too large" or "crashed".
    """
    command = [sys.executable, "-P", "-m", "raftune.isolation", str(path), str(seconds), str(megabytes)]
    try:
        status, output = await run_child(command, seconds)
    except TimeoutError as error:
        raise too_slow(path.name, seconds) from error
    if status == -signal.SIGXCPU:
        raise too_slow(path.name, seconds)
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise crashed(path.name, f"status {status}") from error
    if "error" in answer:
        raise DocumentError(**answer["error"])
    pages = tuple(Page.model_validate(page) for page in answer["pages"])
    return answer["media_type"], Reading(answer["title"], pages)


async def run_child(command: Sequence[str], seconds: float) -> tuple[int, bytes]:
    """A child's exit status (negative: the signal that ended it) and output. Raises TimeoutError after `seconds`."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return process.returncode or 0, output


def too_slow(name: str, seconds: float) -> DocumentError:
    """The error for a file that takes too long."""
    return DocumentError(
        f"{name} takes longer than {seconds:g} seconds to read.", "Split it, or raise the limit.", "too slow"
    )


def crashed(name: str, cause: str) -> DocumentError:
    """The error for a file that its reader does not survive."""
    return DocumentError(
        f"{name} brought its reader down ({cause}).", "Open it in a viewer and save it again.", "crashed"
    )


def readers() -> Iterator[Reader]:
    """All readers, those that know a kind by its bytes first, plain text last."""
    package = import_module("raftune.readers")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    for name in sorted(names, key=lambda name: (LAST.index(name) + 1 if name in LAST else 0, name)):
        yield import_module(f"raftune.readers.{name}").plug


def read_file(path: Path) -> tuple[str, Reading]:
    """The media type and pages of a file, by the first reader that accepts it. Raises DocumentError."""
    try:
        if not path.is_file():
            raise DocumentError(f"{path.name} is not a file that is there.", "Check its path.", "unreadable")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head:
            raise DocumentError(f"{path.name} is empty.", "Remove it.", "no text")
        for reader in readers():
            if reader.accepts(head, path.name):
                return reader.media_type, reader.read(path)
    except OSError as error:
        raise DocumentError(f"{path.name} cannot be read ({error.strerror}).", "Check its permissions.") from error
    except MemoryError as error:
        raise DocumentError(
            f"{path.name} takes more memory than a reader may use.", "Split it, or raise the limit.", "too large"
        ) from error
    raise DocumentError(
        f"{path.name} is of a kind that no reader knows.", "Convert it to PDF or Markdown.", "unknown kind"
    )


def limit(seconds: float, megabytes: int) -> None:
    """Limits this process: processor time, address space, no core file."""
    import resource

    whole = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer_for(path: Path) -> Json:
    """What a child answers: media type, title and pages of a file, or the error."""
    try:
        media_type, reading = read_file(path)
    except DocumentError as error:
        return error_answer(error)
    pages = [page.model_dump(mode="json") for page in reading.pages]
    return {"media_type": media_type, "title": reading.title, "pages": pages}


def error_answer(error: DocumentError) -> Json:
    """An error as a child hands it over."""
    return {"error": {"message": error.message, "advice": error.advice, "reason": error.reason}}


def main(arguments: Sequence[str]) -> None:
    """The child: PATH SECONDS MEGABYTES. What libraries print goes elsewhere, so that the output is JSON only."""
    path, seconds, megabytes = arguments
    with os.fdopen(os.dup(1), "w", encoding="ascii") as output:
        os.dup2(2, 1)
        limit(float(seconds), int(megabytes))
        try:
            output.write(json.dumps(answer_for(Path(path))))
        except Exception as error:
            output.write(json.dumps(error_answer(crashed(Path(path).name, type(error).__name__))))
            raise


if __name__ == "__main__":
    main(sys.argv[1:])
