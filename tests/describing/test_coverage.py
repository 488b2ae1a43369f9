"""Stretches of a document by what became of the questions about them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from raftune.describing.coverage import ChunkPlace, cells_of, coverage_of, page_edges, pages_between
from raftune.records import Document, Page
from raftune.report_records import DocumentCoverage


def document(*pages: str) -> Document:
    return Document(
        path="규정.pdf",
        sha256="ab",
        media_type="application/pdf",
        title="규정",
        language="ko",
        pages=tuple(Page(number=number, text=text) for number, text in enumerate(pages, 1)),
    )


def covered(
    read: Document, places: list[tuple[int, int]], asked: dict[str, int], kept: dict[str, int]
) -> DocumentCoverage:
    chunks = [ChunkPlace(str(number), start, end, ()) for number, (start, end) in enumerate(places)]
    return coverage_of(read, read.path, chunks, asked, kept)


def states(found: DocumentCoverage) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.state) for one in found.stretches]


def test_used_lost_untouched_and_outside_are_told_apart() -> None:
    read = document("a" * 10, "b" * 9, "c" * 20)
    found = covered(read, [(0, 10), (11, 20), (21, 31)], {"0": 3, "1": 2}, {"0": 1})
    assert states(found) == [(0, 11, "used"), (11, 21, "lost"), (21, 31, "untouched"), (31, 41, "outside")]
    assert (found.questions, found.examples, found.used) == (5, 1, round(11 / 41, 4))
    assert (found.idle, found.idle_pages) == (("2",), (3,))
    assert [one.pages for one in found.stretches] == [(1,), (2,), (3,), (3,)]


def test_where_chunks_overlap_the_better_state_counts() -> None:
    found = covered(document("a" * 30), [(0, 20), (10, 30)], {"0": 1, "1": 1}, {"1": 1})
    assert states(found) == [(0, 10, "lost"), (10, 30, "used")]


def test_a_document_without_chunks_is_outside() -> None:
    found = covered(document("가" * 5), [], {}, {})
    assert states(found) == [(0, 5, "outside")]
    assert (found.used, found.idle_pages) == (0.0, (1,))


def test_cells_show_what_most_of_them_is() -> None:
    stretches = covered(document("a" * 30), [(0, 20)], {"0": 1}, {"0": 1}).stretches
    assert cells_of(stretches, 3) == ["used", "used", "outside"]
    assert cells_of(stretches, 2) == ["used", "outside"]
    assert cells_of((), 5) == []


def test_an_empty_document_has_no_stretches() -> None:
    found = covered(document(""), [], {}, {})
    assert (found.stretches, found.used, found.idle_pages) == ((), 0.0, ())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), max_size=6), st.sets(st.integers(0, 5)))
def test_stretches_tile_the_document(spans: list[list[int]], used: set[int]) -> None:
    read = document("x" * 20, "y" * 15, "", "z" * 12)
    places = [(start, end) for start, end in spans if start < end]
    found = covered(read, places, {}, {str(number): 1 for number in used})
    edges = [(one.start, one.end) for one in found.stretches]
    assert edges[0][0] == 0
    assert max(end for _, end in edges) >= len(read.text)
    assert all(end == start for (_, end), (start, _) in pairwise(edges))
    assert all(one.state != two.state for one, two in pairwise(found.stretches))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(0, 40), st.integers(0, 40))
def test_pages_of_a_stretch_are_those_of_the_document(lengths: list[int], start: int, end: int) -> None:
    read = document(*("x" * length for length in lengths))
    assert pages_between(page_edges(read), start, end) == read.pages_of(start, end)
