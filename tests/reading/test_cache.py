import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from raftune.digest import digest
from raftune.errors import DocumentError
from raftune.reading import cache as readings
from raftune.reading.cache import read_cached
from raftune.reading.isolation import NOT_READ
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Page, Source
from tests.pdf_files import Printed, pdf_bytes

LIMITS = Limits(30.0)
PLAIN = ReadOptions(way="text")
TEXT = [Printed("항만", 700), Printed("The Agency inspected 73 ports.", 600)]


def source(folder: Path, name: str = "ports.pdf", data: bytes = b"") -> Source:
    data = data or pdf_bytes([TEXT, []], title="Ports")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return Source(path=name, sha256=digest(data.hex()), size=len(data))


def read(folder: Path, of: Source, options: ReadOptions = PLAIN) -> list[Opened | PageReading]:
    async def collect() -> list[Opened | PageReading]:
        return [event async for event in read_cached(folder, of, options, LIMITS, folder / "cache")]

    return asyncio.run(collect())


def kept(folder: Path) -> list[str]:
    return sorted(path.suffix for path in (folder / "cache").iterdir())


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a child was opened")

    monkeypatch.setattr(readings, "read_isolated", refuse)


def test_a_second_reading_is_the_first_and_opens_no_child(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    of = source(tmp_path)
    first = read(tmp_path, of)
    request.getfixturevalue("no_child")
    assert read(tmp_path, of) == first
    assert [type(event) for event in first] == [Opened, PageReading, PageReading]
    assert isinstance(first[1], PageReading)
    assert first[1].words
    (tmp_path / of.path).unlink()
    assert read(tmp_path, of) == first


@pytest.mark.parametrize(
    "options", [ReadOptions(), ReadOptions(way="text", keep_hidden=True), ReadOptions(way="text", ways={1: "ocr"})]
)
def test_a_changed_option_reads_anew(tmp_path: Path, no_child: None, options: ReadOptions) -> None:
    of = source(tmp_path)
    keep_made_up(tmp_path, of)
    assert [type(event) for event in read(tmp_path, of)] == [Opened]
    with pytest.raises(AssertionError, match="a child was opened"):
        read(tmp_path, of, options)


def test_changed_bytes_and_another_name_read_anew(tmp_path: Path) -> None:
    read(tmp_path, source(tmp_path))
    read(tmp_path, source(tmp_path, data=pdf_bytes([TEXT])))
    read(tmp_path, source(tmp_path, "other.pdf"))
    assert kept(tmp_path) == [".gz"] * 3


def keep_made_up(folder: Path, of: Source) -> None:
    """Puts a reading of one opening into the cache, as `read_cached` would have."""
    events = [Opened("application/pdf", "Ports", 0)]

    async def made_up(*arguments: object) -> AsyncIterator[Opened]:
        for event in events:
            yield event

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "read_isolated", made_up)
        read(folder, of)


def test_a_file_in_another_folder_is_known_by_its_bytes_and_name(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    first = read(tmp_path, source(tmp_path))
    request.getfixturevalue("no_child")
    assert read(tmp_path, source(tmp_path, "moved/ports.pdf")) == first


def test_a_refusal_is_not_kept(tmp_path: Path) -> None:
    of = source(tmp_path, data=pdf_bytes([TEXT])[:200])
    for _ in range(2):
        with pytest.raises(DocumentError) as caught:
            read(tmp_path, of)
        assert caught.value.reason == "damaged"
    assert ".gz" not in kept(tmp_path)


def test_a_reading_that_ends_with_an_error_half_way_is_not_kept(tmp_path: Path) -> None:
    of = source(tmp_path)

    async def half(*arguments: object) -> AsyncIterator[Opened]:
        yield Opened("application/pdf", "Ports", 2)
        raise DocumentError("It broke.", "Mend it.", "crashed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "read_isolated", half)
        with pytest.raises(DocumentError):
            read(tmp_path, of)
    assert ".gz" not in kept(tmp_path)
    assert len(read(tmp_path, of)) == 3
    assert kept(tmp_path) == [".gz"]


PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from raftune.readings import Limits, ReadOptions
from raftune.reading.cache import read_cached
from raftune.records import Page, Source

async def main():
    folder = Path(sys.argv[1])
    source = Source.model_validate(json.loads(sys.argv[2]))
    async for event in read_cached(folder, source, ReadOptions(way="text"), Limits(30.0), folder / "cache"):
        print("event", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_killed_read_leaves_nothing_that_counts(tmp_path: Path) -> None:
    of = source(tmp_path)
    fields = json.dumps(of.model_dump(mode="json"))
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), fields], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"event\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert kept(tmp_path) == [".part"]
    assert len(read(tmp_path, of)) == 3
    assert kept(tmp_path) == [".gz"]


def test_a_kept_reading_is_lines_of_json(tmp_path: Path) -> None:
    read(tmp_path, source(tmp_path))
    [path] = (tmp_path / "cache").glob("*.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        answers = [json.loads(line) for line in lines]
    assert [next(iter(answer)) for answer in answers] == ["opened", "page", "page"]


def test_a_reading_with_a_page_given_up_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = PageReading(Page(number=1, text="", way="text", warnings=(f"{NOT_READ}: too slow",)))

    async def slow(*arguments: object) -> AsyncIterator[Opened | PageReading]:
        yield Opened("application/pdf", "Ports", 1, numbered=True)
        yield lost

    monkeypatch.setattr(readings, "read_isolated", slow)
    assert read(tmp_path, source(tmp_path))[1] == lost
    assert kept(tmp_path) == []
