import asyncio
import sys
from pathlib import Path

import pytest

from raftune.errors import DocumentError
from raftune.isolation import read_file, read_isolated, readers, run_child
from tests.pdf_files import Printed, pdf_bytes

PAGE = [Printed("The Agency inspected 73 ports.", 700)]
LIMITED = "from raftune.isolation import limit; limit({seconds}, {megabytes}); "


def reason(path: Path, seconds: float = 30.0) -> str:
    with pytest.raises(DocumentError) as caught:
        asyncio.run(read_isolated(path, seconds, 1024))
    assert path.name in caught.value.message
    assert caught.value.advice
    return caught.value.reason


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_good_file_comes_back_as_it_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, "ports.pdf", pdf_bytes([PAGE, []], title="Häfen"))
    media_type, reading = asyncio.run(read_isolated(path, 30.0, 1024))
    assert media_type == "application/pdf"
    assert (media_type, reading) == read_file(path)
    assert [page.text for page in reading.pages] == ["The Agency inspected 73 ports.", ""]


def test_text_in_any_language_crosses_the_pipe(tmp_path: Path) -> None:
    path = written(tmp_path, "메모.md", "# 항만 😀\n\n점검 대상은 73곳이다.".encode())
    media_type, reading = asyncio.run(read_isolated(path, 30.0, 1024))
    assert (media_type, reading.title) == ("text/markdown", "항만 😀")


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


def test_a_child_that_sleeps_for_ever_is_killed() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(run_child([sys.executable, "-c", "import time; time.sleep(60)"], 0.3))


def test_a_child_that_loops_for_ever_is_ended_by_its_own_limit() -> None:
    program = LIMITED.format(seconds=1, megabytes=1024) + "\nwhile True: pass"
    status, _ = asyncio.run(run_child([sys.executable, "-c", program], 60.0))
    assert status < 0


def test_a_child_cannot_take_more_memory_than_it_may() -> None:
    program = LIMITED.format(seconds=10, megabytes=200) + "\nbytearray(400 << 20)"
    status, _ = asyncio.run(run_child([sys.executable, "-c", program], 60.0))
    assert status == 1


def test_a_child_that_crashes_says_by_which_signal() -> None:
    status, output = asyncio.run(run_child([sys.executable, "-c", "import os; os.abort()"], 60.0))
    assert (status, output) == (-6, b"")


def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    program = f"import time; time.sleep(1); open({str(mark)!r}, 'w')"

    async def go() -> None:
        task = asyncio.ensure_future(run_child([sys.executable, "-c", program], 60.0))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait([task])
        await asyncio.sleep(1.2)

    asyncio.run(go())
    assert not mark.exists()


def test_plain_text_is_the_last_reader() -> None:
    assert [reader.media_type for reader in readers()][-2:] == ["text/markdown", "text/plain"]
