"""What an index is made of."""

import asyncio
from pathlib import Path

import numpy as np

from raftune.indexing.building import alone, older, publish, read
from raftune.indexing.postings import analyzer
from tests.indexing.stored import TEXTS, stored


def test_passages_are_read_with_their_language(tmp_path: Path) -> None:
    found = read(stored(tmp_path, TEXTS))
    assert found.texts == TEXTS
    assert (len(found.ids), found.language) == (5, "en")
    assert read(stored(tmp_path, TEXTS[2:], "b")).language == "ko"
    assert read(stored(tmp_path, [], "c")).language == "en"


def make(folder: Path, key: str, ids: list[str], **facts: str) -> None:
    given = {"analyzer": analyzer(), "embedder": "", **facts}
    publish(folder, key, {"ids": np.array(ids, "S20")}, given)


def test_the_older_index_with_most_in_common(tmp_path: Path) -> None:
    assert older(tmp_path, ["a"], "") is None
    make(tmp_path, "k1", ["a", "x"])
    make(tmp_path, "k2", ["y", "a", "b"])
    found = older(tmp_path, ["b", "a", "c"], "")
    assert found is not None
    assert (found.folder.name, found.moved.tolist()) == ("k2", [-1, 1, 0])
    make(tmp_path, "k3", ["b"], embedder="e")
    embedded = older(tmp_path, ["b", "a"], "e")
    assert embedded is not None
    assert embedded.folder.name == "k3"
    assert older(tmp_path, ["other"], "") is None


def test_an_index_of_another_analyzer_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "k1", ["a"], analyzer="another")
    assert older(tmp_path, ["a"], "") is None


def test_one_at_a_time(tmp_path: Path) -> None:
    inside: list[str] = []

    async def work(name: str) -> None:
        async with alone(tmp_path / "index"):
            inside.append(f"{name} in")
            await asyncio.sleep(0.05)
            inside.append(f"{name} out")

    async def both() -> None:
        await asyncio.gather(work("a"), work("b"))

    asyncio.run(both())
    assert [entry.split()[1] for entry in inside] == ["in", "out", "in", "out"]
