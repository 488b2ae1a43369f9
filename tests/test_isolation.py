import asyncio
import json
import sys
from pathlib import Path

import pytest

from raftune.contracts import Limits, Opened, PageReading, ReadOptions
from raftune.errors import DocumentError
from raftune.isolation import child, line_of, read_isolated, readers
from tests.bad_pdfs import flate_bomb
from tests.pdf_files import Printed, pdf_bytes

PAGE = [Printed("The Agency inspected 73 ports.", 700)]
LIMITED = (
    "from raftune.contracts import Limits; from raftune.isolation import limit; limit(Limits({seconds}, {megabytes}))"
)


def events(path: Path, seconds: float = 30.0, options: ReadOptions = ReadOptions()) -> list[Opened | PageReading]:
    async def collect() -> list[Opened | PageReading]:
        return [event async for event in read_isolated(path, options, Limits(seconds))]

    return asyncio.run(collect())


def run_child(*command: str, seconds: float = 60.0) -> tuple[int, bytes]:
    async def run() -> tuple[int, bytes]:
        async with child(command) as process:
            output = await asyncio.wait_for(process.stdout.read(), seconds)
            return await process.wait(), output

    return asyncio.run(run())


def reason(path: Path, seconds: float = 30.0) -> str:
    with pytest.raises(DocumentError) as caught:
        events(path, seconds)
    assert path.name in caught.value.message
    assert caught.value.advice
    return caught.value.reason


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_good_file_comes_back_as_it_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, "ports.pdf", pdf_bytes([PAGE, []], title="Häfen"))
    opened, *pages = events(path)
    assert isinstance(opened, Opened)
    assert (opened.media_type, opened.title, opened.count) == ("application/pdf", "Häfen", 2)
    assert [event.page.text for event in pages if isinstance(event, PageReading)] == [
        "The Agency inspected 73 ports.",
        "",
    ]


def test_text_in_any_language_crosses_the_pipe(tmp_path: Path) -> None:
    path = written(tmp_path, "메모.md", "# 항만 😀\n\n점검 대상은 73곳이다.".encode())
    [opened, _] = events(path)
    assert isinstance(opened, Opened)
    assert (opened.media_type, opened.title) == ("text/markdown", "항만 😀")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("cut.pdf", pdf_bytes([PAGE])[:200], "damaged"),
        ("locked.pdf", pdf_bytes([PAGE], locked=True), "encrypted"),
        ("scan.pdf", pdf_bytes([[]]), "no text"),
        ("empty.pdf", b"", "no text"),
        ("junk.pdf", bytes(range(256)) * 8, "unknown kind"),
        ("page.html", b"<!doctype html><p>Hi", "unknown kind"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    assert reason(written(tmp_path, name, data)) == expected


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    assert reason(tmp_path / "missing.pdf") == "unreadable"
    assert reason(tmp_path) == "unreadable"


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    assert reason(written(tmp_path, "slow.pdf", pdf_bytes([PAGE])), seconds=0.001) == "too slow"


def test_a_child_that_loops_for_ever_is_ended_by_its_own_limit() -> None:
    status, _ = run_child(sys.executable, "-c", LIMITED.format(seconds=1, megabytes=1024) + "\nwhile True: pass")
    assert status < 0


def test_a_child_cannot_take_more_memory_than_it_may() -> None:
    status, _ = run_child(sys.executable, "-c", LIMITED.format(seconds=10, megabytes=200) + "\nbytearray(400 << 20)")
    assert status == 1


def test_a_child_that_crashes_says_by_which_signal() -> None:
    assert run_child(sys.executable, "-c", "import os; os.abort()") == (-6, b"")


def test_a_file_none_of_whose_pages_is_survived_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "bomb.pdf", flate_bomb())

    async def collect() -> list[Opened | PageReading]:
        return [event async for event in read_isolated(path, ReadOptions(), Limits(30.0, 640))]

    with pytest.raises(DocumentError, match=r"bomb\.pdf") as caught:
        asyncio.run(collect())
    assert caught.value.reason in {"crashed", "too large"}


def test_half_a_surrogate_pair_becomes_a_mark_of_the_same_length() -> None:
    line = line_of({"text": "a\ud800b 항 😀"})
    assert json.loads(line.encode()) == {"text": "a\ufffdb 항 😀"}


def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    program = f"import time; time.sleep(1); open({str(mark)!r}, 'w')"

    async def go() -> None:
        async def run() -> None:
            async with child([sys.executable, "-c", program]) as process:
                await process.wait()

        task = asyncio.ensure_future(run())
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait([task])
        await asyncio.sleep(1.2)

    asyncio.run(go())
    assert not mark.exists()


def test_plain_text_is_the_last_reader() -> None:
    assert [reader.media_type for reader in readers()][-1] == "text/plain"
