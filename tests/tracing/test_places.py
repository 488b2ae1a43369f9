"""Every word maps to its own page and a rectangle around it; a chunk to all of its pages."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from raftune.readings import PageReading, WordBox
from raftune.records import Chunk, Document, Page, Source
from raftune.stages.ingest import write_words
from raftune.tracing.places import Box, PageWords, Place, boxes, lines_of, places_of, read_words

WORDS = st.text("abcé가나다漢", min_size=1, max_size=9)
PAGES = st.lists(
    st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "\n\n", " | "])), max_size=20), min_size=1, max_size=5
)
LINE = 12.0
PER_LINE = 4


def placed(words: list[tuple[str, str]]) -> tuple[str, tuple[WordBox, ...]]:
    """A page's text, and boxes four to a line."""
    text, found = "", []
    for number, (word, gap) in enumerate(words):
        left, top = 100.0 * (number % PER_LINE), 2 * LINE * (number // PER_LINE)
        found.append(WordBox(len(text), len(text) + len(word), left, top, left + 90, top + LINE))
        text += word + gap
    return text, tuple(found)


def document_of(texts: list[str]) -> Document:
    pages = tuple(Page(number=number, text=text, way="text") for number, text in enumerate(texts, 1))
    return Document(path="a.pdf", sha256="s", media_type="application/pdf", title="", language="en", pages=pages)


def chunk_of(document: Document, start: int, end: int, header: tuple[int, int] | None = None) -> Chunk:
    text = document.text[start:end]
    return Chunk(
        document=document.id,
        path=document.path,
        text=text if header is None else f"{document.text[slice(*header)]}\n{text}",
        start=start,
        end=end,
        pages=document.pages_of(start, end),
        headings=(),
        language="en",
        header=header,
    )


def covers(outer: Box, inner: WordBox) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


@given(PAGES, st.data())
def test_every_word_maps_to_its_own_page_and_box(drawn: list[list[tuple[str, str]]], data: st.DataObject) -> None:
    pages = [placed(words) for words in drawn]
    document = document_of([text for text, _ in pages])
    kept = {number: PageWords((400.0, 400.0), words) for number, (_, words) in enumerate(pages, 1)}
    end = len(document.text)
    start = data.draw(st.integers(0, end))
    chunk = chunk_of(document, start, end)

    def boxes_of(numbers: object) -> dict[int, PageWords]:
        return kept

    position = 0
    for number, (text, words) in enumerate(pages, 1):
        for word in words:
            if position + word.start < start:
                continue
            first, last = position + word.start - start, position + word.end - start
            (place,) = places_of(document, chunk, first, last, boxes_of)
            assert (place.page, place.way, place.size) == (number, "text", (400.0, 400.0))
            assert len(place.rectangles) == 1
            assert covers(place.rectangles[0], word)
        position += len(text) + 1
    whole = places_of(document, chunk, 0, len(chunk.text), boxes_of)
    assert tuple(place.page for place in whole) == chunk.pages


def test_a_word_touched_in_part_gives_that_part_of_its_box() -> None:
    word = WordBox(10, 20, 100, 0, 200, 12)
    assert list(boxes([word], 12, 15)) == [Box(120, 0, 150, 12)]
    assert list(boxes([word], 0, 11)) == [Box(100, 0, 110, 12)]
    assert list(boxes([word], 19, 99)) == [Box(190, 0, 200, 12)]
    assert list(boxes([word], 20, 99)) == []


def test_neighbours_on_a_line_become_one_rectangle() -> None:
    line = [Box(10, 100, 40, 112), Box(44, 101, 80, 112), Box(84, 95, 90, 108)]
    cell, below = Box(300, 100, 340, 112), Box(10, 115, 40, 127)
    assert list(lines_of([*line, cell, below])) == [Box(10, 95, 90, 112), cell, below]


def test_the_column_left_of_a_line_is_a_rectangle_of_its_own() -> None:
    right, left = Box(300, 100, 340, 112), Box(10, 100, 40, 112)
    assert list(lines_of([right, left])) == [right, left]


def test_a_repeated_header_is_lit_where_it_stands() -> None:
    header, rows = placed([("Year", " "), ("Sum", "\n")]), placed([("2022", " "), ("17", "\n")])
    document = document_of([header[0], rows[0]])
    begin = len(header[0]) + 1
    chunk = chunk_of(document, begin, begin + 7, header=(0, 8))
    kept = {1: PageWords((9.0, 9.0), header[1]), 2: PageWords((9.0, 9.0), rows[1])}
    places = places_of(document, chunk, 0, len(chunk.text), lambda _: kept)
    assert [place.page for place in places] == [1, 2]
    start = chunk.text.index("17")
    (place,) = places_of(document, chunk, start, start + 2, lambda _: kept)
    assert (place.page, place.rectangles) == (2, (Box(100, 0, 190, 12),))


def test_a_page_without_boxes_is_a_place_without_rectangles() -> None:
    document = document_of(["one two", "three"])
    chunk = chunk_of(document, 0, 13)
    assert places_of(document, chunk, 0, 13, lambda _: {}) == (Place(1, "text"), Place(2, "text"))


def test_only_the_lines_asked_for_are_read(tmp_path: Path) -> None:
    readings = [
        PageReading(Page(number=number, text="ab"), (WordBox(0, 2, 1.5, 2, 3, 4),), 612, 792) for number in range(1, 13)
    ]
    for reading in readings:
        write_words(tmp_path, Source(path="a.pdf", sha256="s", size=1), reading)
    file = tmp_path / "s.jsonl"
    lines = file.read_text().splitlines()
    assert json.loads(lines[0])["page"] == 1
    file.write_text("\n".join(["not JSON", *lines[1:]]) + "\n")
    found = read_words(file, [2, 12, 99])
    assert sorted(found) == [2, 12]
    assert found[12] == PageWords((612, 792), (WordBox(0, 2, 1.5, 2, 3, 4),))
    assert read_words(tmp_path / "missing.jsonl", [1]) == {}
    assert read_words(file, []) == {}
