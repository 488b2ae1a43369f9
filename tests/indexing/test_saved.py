"""An index is opened as it was made, made where it is damaged, and finds what a fresh search finds."""

import asyncio
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.embedders.hashed import HashedEmbedder
from raftune.errors import StoreError
from raftune.indexing.saved import Shelf
from raftune.retrieve_config import RetrieveConfig
from raftune.retrievers.hybrid import HybridRetriever
from raftune.searching.by_terms import TermSearch
from raftune.searching.by_vectors import VectorSearch
from tests.indexing.stored import TEXTS, Counting, embedding, files_of, nearest, opened, stored

WORDS = st.sampled_from(
    ["ports", "ship", "2021", "항만", "항만공사는", "도선사 면허", "the", "갱신", "fee", "!?", "\n", "ﬁ"]
)
SOME_TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=30)


def test_terms_in_both_languages(tmp_path: Path) -> None:
    index = opened(Shelf(tmp_path / "index"), stored(tmp_path, TEXTS))
    assert nearest(index, "How often are licences renewed?", 1) == [1]
    assert nearest(index, "면허를 갱신하는 주기는?", 1) == [4]
    assert nearest(index, "항만을 몇 곳 점검했습니까?", 1) == [3]
    assert index.passages[4].text == TEXTS[4]
    assert [chunk.text for chunk in index.passages[1:3]] == TEXTS[1:3]
    assert len(index.passages) == 5


def test_what_shares_no_term_is_not_found(tmp_path: Path) -> None:
    index = opened(Shelf(tmp_path / "index"), stored(tmp_path, TEXTS))
    assert nearest(index, "volcano") == []
    assert nearest(index, "?") == []
    assert sorted(nearest(index, "ports", 9)) == [0, 2]


def test_it_is_made_once(tmp_path: Path) -> None:
    artifact = stored(tmp_path, TEXTS)
    first, second = Shelf(tmp_path / "index"), Shelf(tmp_path / "index")
    before = nearest(opened(first, artifact), "ports")
    assert nearest(opened(second, artifact), "ports") == before
    assert (len(first.built), second.built) == (1, [])


@settings(max_examples=25)
@given(SOME_TEXTS, st.lists(WORDS, max_size=4), st.integers(0, 40))
def test_it_finds_what_a_search_in_memory_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], words: list[str], count: int
) -> None:
    folder = tmp_path_factory.mktemp("same")
    queries = [*words, " ".join(words)]
    artifact, embedder = stored(folder, texts), HashedEmbedder(64)
    search = TermSearch()
    asyncio.run(search.index(texts))
    by_terms = [places[scores > 0].tolist() for places, scores in search.ranked(queries, count)]
    assert asyncio.run(opened(Shelf(folder / "index"), artifact).nearest(queries, count)) == by_terms
    for way, retriever in (("embedding", VectorSearch(embedder)), ("hybrid", HybridRetriever(embedder))):
        asyncio.run(retriever.index(texts))
        index = opened(Shelf(folder / "index", embedding(embedder), way), artifact)  # type: ignore[arg-type]
        assert asyncio.run(index.nearest(queries, count)) == asyncio.run(retriever.nearest(queries, count))


@settings(max_examples=25)
@given(SOME_TEXTS, SOME_TEXTS)
def test_an_index_brought_up_to_date_equals_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("update")
    shared = [*after[::2], *before[1::3]]
    embedder = Counting()
    shelf, fresh = Shelf(folder / "index", embedding(embedder)), Shelf(folder / "fresh", embedding(HashedEmbedder(64)))
    opened(shelf, stored(folder, before))
    artifact = stored(folder, shared, "b")
    opened(shelf, artifact)
    opened(fresh, artifact)
    assert files_of(folder / "index" / shelf.built[-1]) == files_of(folder / "fresh" / fresh.built[-1])


def test_only_new_passages_are_embedded(tmp_path: Path) -> None:
    embedder = Counting()
    shelf = Shelf(tmp_path / "index", embedding(embedder), "hybrid")
    opened(shelf, stored(tmp_path, TEXTS[:3]))
    assert embedder.asked == TEXTS[:3]
    opened(shelf, stored(tmp_path, [TEXTS[4], *TEXTS[1:3], TEXTS[3]], "b"))
    assert embedder.asked[3:] == [TEXTS[4], TEXTS[3]]


def test_another_embedder_takes_over_the_terms_only(tmp_path: Path) -> None:
    artifact, other = stored(tmp_path, TEXTS), Counting(512)
    opened(Shelf(tmp_path / "index", embedding(Counting())), artifact)
    index = opened(Shelf(tmp_path / "index", embedding(other), "embedding"), artifact)
    assert other.asked == TEXTS
    assert nearest(index, "항만 점검", 1) == [3]


def test_few_indexes_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "index")
    for number in range(4):
        opened(shelf, stored(tmp_path, [*TEXTS, str(number)], f"k{number}"))
    left = {path.name for path in (tmp_path / "index").iterdir() if path.is_dir()}
    assert left == set(shelf.built[-2:])


def damage(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-3])
    else:
        data = bytearray(path.read_bytes())
        data[-1] ^= 255
        path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["gone", "cut", "flipped"])
@pytest.mark.parametrize("name", ["index.json", "letters.npy", "starts.npy", "times.npy", "lines.npy", "vectors.npy"])
def test_a_damaged_file_is_noticed_and_the_index_made_again(tmp_path: Path, name: str, how: str) -> None:
    artifact, embedder = stored(tmp_path, TEXTS), Counting()
    shelf = Shelf(tmp_path / "index", embedding(embedder))
    before = nearest(opened(shelf, artifact), "ports inspected in 2021")
    whole = files_of(tmp_path / "index" / shelf.built[0])
    damage(tmp_path / "index" / shelf.built[0] / name, how)
    assert nearest(opened(shelf, artifact), "ports inspected in 2021") == before
    assert files_of(tmp_path / "index" / shelf.built[0]) == whole
    assert len(shelf.built) == 2


def test_a_project_that_was_copied_is_checked_and_used(tmp_path: Path) -> None:
    artifact, shelf = stored(tmp_path, TEXTS), Shelf(tmp_path / "index")
    opened(shelf, artifact)
    for path in (tmp_path / "index" / shelf.built[0]).iterdir():
        os.utime(path, (1, 1))
    opened(shelf, artifact)
    assert len(shelf.built) == 1


def test_passages_that_are_gone_or_altered_are_an_error(tmp_path: Path) -> None:
    artifact = stored(tmp_path, TEXTS)
    index = opened(Shelf(tmp_path / "index"), artifact)
    assert artifact.folder is not None
    rows = artifact.folder / "rows-00000.jsonl"
    rows.write_bytes(rows.read_bytes().replace(b"73 ports", b"74 ports"))
    with pytest.raises(StoreError):
        index.passages[0]
    rows.unlink()
    with pytest.raises(StoreError, match="fresh chunk"):
        index.passages[1]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    artifact = stored(tmp_path, TEXTS)
    (tmp_path / "index").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        opened(Shelf(tmp_path / "index"), artifact)


@pytest.mark.parametrize("way", ["bm25", "hybrid"])
def test_a_floor_under_which_nothing_counts_as_found(tmp_path: Path, way: str) -> None:
    artifact, given = stored(tmp_path, TEXTS), None if way == "bm25" else embedding(HashedEmbedder(64))
    index = opened(Shelf(tmp_path / "index", given, way, 0.3), artifact)  # type: ignore[arg-type]
    assert nearest(index, "Which ports did the Agency inspect?", 1) == [0]
    assert nearest(index, "Which volcanoes did the Agency climb in May?", 1) == []
    assert nearest(index, "도선사 면허는 언제 갱신합니까?", 1) == [4]
    assert nearest(index, "2021년 대통령 선거 결과는 무엇입니까?", 1) == []


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Hello, could you please tell me how often licences are renewed? Thank you!", 1),
        ("안녕하세요, 실례지만 도선사 면허 갱신 주기를 알려 주실 수 있을까요?", 4),
    ],
)
def test_politeness_is_no_reason_to_refuse_unless_a_floor_is_set(tmp_path: Path, question: str, place: int) -> None:
    artifact = stored(tmp_path, TEXTS)
    assert nearest(opened(Shelf(tmp_path / "index", floor=RetrieveConfig().floor), artifact), question, 1) == [place]
    assert nearest(opened(Shelf(tmp_path / "index", floor=0.2), artifact), question, 1) == []


def make(folder: Path, started: "multiprocessing.synchronize.Event | None" = None) -> None:
    """Makes an index in a process of its own, slowly."""

    class Slow(HashedEmbedder):
        async def embed(self, texts):  # type: ignore[no-untyped-def]
            with (folder / "embedded.txt").open("a") as file:
                file.write("x")
            if started is not None:
                started.set()
            await asyncio.sleep(1 if started is None else 60)
            return await super().embed(texts)

    opened(Shelf(folder / "index", embedding(Slow(64))), stored_before(folder))


def stored_before(folder: Path):
    from raftune.records import Chunk
    from raftune.stores.files import FileStore

    return FileStore(folder / "objects").find("chunk", "a", Chunk)


def test_a_killed_process_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    artifact, started = stored(tmp_path, TEXTS), context.Event()
    process = context.Process(target=make, args=(tmp_path, started))
    process.start()
    assert started.wait(30)
    (tmp_path / "index" / "draft-left").mkdir()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    shelf = Shelf(tmp_path / "index", embedding(HashedEmbedder(64)))
    assert nearest(opened(shelf, artifact), "73 ports", 1) == [0]
    assert {path.name for path in (tmp_path / "index").iterdir()} == {"lock", shelf.built[0]}


def test_two_processes_make_it_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    stored(tmp_path, TEXTS)
    processes = [context.Process(target=make, args=(tmp_path,)) for _ in range(3)]
    begun = time.monotonic()
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert (tmp_path / "embedded.txt").read_text() == "x"
    assert time.monotonic() - begun < 60
