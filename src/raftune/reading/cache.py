"""Keeps what was read of each file, so that a new document, or a killed run, does not read the others again.

A cache, not an artifact: it may be deleted at any time. A file's reading lies under the digest of its bytes' SHA-256,
its name and how it was to be read. Refusals are not kept, nor readings with a page that was given up: with more time or
memory it may be read.
"""

import gzip
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

from raftune.digest import digest
from raftune.reading.isolation import NOT_READ, page_answer, page_reading, read_isolated
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Source

PASSING = (NOT_READ, "a scan, and no OCR", "OCR gave up")
VERSION = 2
"""Raise it when a reader gives other pages for the same file."""


async def read_cached(
    documents: Path, source: Source, options: ReadOptions, limits: Limits, cache: Path, *, refresh: bool = False
) -> AsyncGenerator[Opened | PageReading, None]:
    """The documents and pages of a file, from `cache` or, always with `refresh`, read now. Raises DocumentError."""
    key = digest([VERSION, source.sha256, Path(source.path).name, asdict(options)])
    kept = cache / f"{key}.jsonl.gz"
    if kept.exists() and not refresh:
        for event in recalled(kept):
            yield event
        return
    part = begin(kept)
    whole = True
    try:
        with gzip.open(part, "wt", encoding="utf-8", compresslevel=3) as file:
            async with aclosing(read_isolated(documents / source.path, options, limits)) as events:
                async for event in events:
                    answer = page_answer(event) if isinstance(event, PageReading) else {"opened": asdict(event)}
                    file.write(json.dumps(answer, ensure_ascii=False) + "\n")
                    whole = whole and not given_up(event)
                    yield event
        if whole:
            part.rename(kept)
    finally:
        part.unlink(missing_ok=True)


def begin(kept: Path) -> Path:
    """The file that a reading is written to until it is whole."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    return kept.with_suffix(".part")


def given_up(event: Opened | PageReading) -> bool:
    """Whether a page could be read better another time: its reader did not survive it, or there was no OCR."""
    return isinstance(event, PageReading) and any(text.startswith(PASSING) for text in event.page.warnings)


def recalled(kept: Path) -> list[Opened | PageReading]:
    """The events of a kept reading."""
    with gzip.open(kept, "rt", encoding="utf-8") as lines:
        answers = [json.loads(line) for line in lines]
    return [Opened(**answer["opened"]) if "opened" in answer else page_reading(answer) for answer in answers]
