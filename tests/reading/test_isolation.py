import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.errors import DocumentError
from raftune.reading import isolation
from raftune.reading.isolation import child, further_starts, line_of, read_isolated, readers
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Page
from tests.bad_pdfs import flate_bomb
from tests.pdf_files import Printed, pdf_bytes

AUTO = ReadOptions()
PAGE = [Printed("The Agency inspected 73 ports.", 700)]
LIMITED = (
    "from raftune.readings import Limits\nfrom raftune.reading.isolation import limit\n"
    "limit(Limits({seconds}, {megabytes}))"
)


def events(path: Path, seconds: float = 30.0, options: ReadOptions = AUTO) -> list[Opened | PageReading]:
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


DEADLY = """
import os
import raftune.readers.pdf as pdf

read = pdf.read_sheet

def read_sheet(page, number, options):
    if number in {pages}:
        os.kill(os.getpid(), 9)
    return read(page, number, options)

pdf.read_sheet = read_sheet
"""


def deadly(folder: Path, monkeypatch: pytest.MonkeyPatch, *pages: int) -> None:
    """Has children die over some pages."""
    (folder / "sitecustomize.py").write_text(DEADLY.replace("{pages}", str(pages)))
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.mark.parametrize("dead", [(1,), (3,), (2, 3), (4,)])
def test_a_page_that_kills_its_reader_is_left_out_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead: tuple[int, ...]
) -> None:
    path = written(tmp_path, "ports.pdf", pdf_bytes([[Printed(f"The text of page {n}.", 400)] for n in range(1, 5)]))
    deadly(tmp_path, monkeypatch, *dead)
    opened, *pages = events(path)
    assert isinstance(opened, Opened)
    assert [event.page.number for event in pages if isinstance(event, PageReading)] == [1, 2, 3, 4]
    for event in pages:
        assert isinstance(event, PageReading)
        lost = event.page.number in dead
        assert event.page.text == ("" if lost else f"The text of page {event.page.number}.")
        assert event.page.warnings == (("not read: crashed",) if lost else ())


Script = Callable[[ReadOptions], Iterator[Opened | PageReading]]


def scripted(monkeypatch: pytest.MonkeyPatch, script: Script) -> list[ReadOptions]:
    """Puts a script in the place of children; returns the options each of them is asked with."""
    asked: list[ReadOptions] = []

    async def read_once(path: Path, options: ReadOptions, limits: Limits) -> AsyncIterator[Opened | PageReading]:
        asked.append(options)
        for event in script(options):
            yield event

    monkeypatch.setattr(isolation, "read_once", read_once)
    return asked


def dying(dead: Collection[int], count: int, reason: str = "crashed", *, numbered: bool = True) -> Script:
    """Children that give each page but end over some."""

    def script(options: ReadOptions) -> Iterator[Opened | PageReading]:
        yield Opened("application/pdf", "Ports", count, numbered=numbered)
        for number in range(options.first, count + 1):
            if number in dead:
                raise DocumentError("The file ports.pdf ended.", "Mend it.", reason)
            yield PageReading(Page(number=number, text=f"page {number}"))

    return script


@given(dead=st.sets(st.integers(1, 12), max_size=8), count=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_all_pages_come_in_order_or_the_file_is_refused(dead: set[int], count: int) -> None:
    run = longest_run(dead, count)
    with pytest.MonkeyPatch.context() as monkeypatch:
        scripted(monkeypatch, dying(dead, count))
        if run > isolation.LOST_IN_A_ROW or set(range(1, count + 1)) <= dead:
            assert reason(Path("ports.pdf")) == "crashed"
            return
        _, *pages = events(Path("ports.pdf"))
    readings = [event for event in pages if isinstance(event, PageReading)]
    assert [event.page.number for event in readings] == list(range(1, count + 1))
    assert {event.page.number for event in readings if event.page.warnings} == {n for n in dead if n <= count}


def longest_run(dead: set[int], count: int) -> int:
    """The most pages in a row that are lost."""
    longest = run = 0
    for number in range(1, count + 1):
        run = run + 1 if number in dead else 0
        longest = max(longest, run)
    return longest


def test_after_three_lost_pages_in_a_row_the_file_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = scripted(monkeypatch, dying({2, 3, 4, 5}, 9))
    with pytest.raises(DocumentError) as caught:
        events(Path("ports.pdf"))
    assert caught.value.reason == "crashed"
    assert [(options.first, options.careful) for options in asked] == [(1, False), *((n, True) for n in (2, 3, 4, 5))]


@pytest.mark.parametrize(("reason", "numbered"), [("damaged", True), ("crashed", False)])
def test_a_fault_of_the_file_is_no_fault_of_a_page(
    monkeypatch: pytest.MonkeyPatch, reason: str, *, numbered: bool
) -> None:
    asked = scripted(monkeypatch, dying({2}, 3, reason, numbered=numbered))
    with pytest.raises(DocumentError) as caught:
        events(Path("ports.pdf"))
    assert (caught.value.reason, len(asked)) == (reason, 1)


def test_a_line_that_is_too_long_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "LINE_BYTES", 4096)
    assert reason(written(tmp_path, "long.txt", b"word " * 20_000)) == "too large"


def test_a_long_document_read_by_several_processes_comes_out_the_same(tmp_path: Path) -> None:
    header = [Printed("Harbour report", 760, size=8)]
    pages = [[*header, Printed(f"Berth {number} was closed for {number * 7} days.", 600)] for number in range(1, 131)]
    path = written(tmp_path, "long.pdf", pdf_bytes(pages))

    async def collect(options: ReadOptions, limits: Limits) -> list[Opened | PageReading]:
        return [event async for event in read_isolated(path, options, limits)]

    alone = asyncio.run(collect(AUTO, Limits()))
    assert asyncio.run(collect(AUTO, Limits(processes=3))) == alone
    assert [event.page.number for event in alone if isinstance(event, PageReading)] == list(range(1, 131))
    assert asyncio.run(collect(ReadOptions(first=64), Limits()))[1:] == alone[64:]


def test_parts_of_a_document_are_even_and_long_enough() -> None:
    opened = Opened("application/pdf", "t", 200, numbered=True)
    assert further_starts(opened, 1, 4) == [51, 101, 151]
    assert further_starts(opened, 1, 100) == [41, 81, 121, 161]
    assert further_starts(opened, 1, 1) == []
    assert further_starts(Opened("text/plain", "t", 200), 1, 4) == []
