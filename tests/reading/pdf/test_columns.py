import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.columns import is_number, reading_order, weight
from raftune.reading.pdf.segments import Segment, segments_of
from tests.reading.pdf.made_words import grid, line, lines, segments

PROSE = "The harbour office looks after piers"
WIDE = " ".join([PROSE] * 3)


def order(*parts: list[Segment]) -> list[str]:
    found = reading_order([segment for part in parts for segment in part])
    return [segment.text for block in found for segment in block]


def prose(letter: str, count: int = 8) -> list[str]:
    return [f"{letter}{number} {PROSE}" for number in range(count)]


def test_one_column_is_read_downwards() -> None:
    assert order(segments(prose("a"))) == prose("a")


@pytest.mark.parametrize("lefts", [(40, 320), (20, 230, 440)])
def test_columns_are_read_one_after_the_other(lefts: tuple[int, ...]) -> None:
    parts = [segments(prose("abc"[number]), left=left) for number, left in enumerate(lefts)]
    assert order(*parts) == [text for number in range(len(lefts)) for text in prose("abc"[number])]


def test_a_title_across_comes_before_the_columns_and_begins_new_ones_below() -> None:
    columns = [*segments(prose("a"), left=40), *segments(prose("b"), left=320)]
    below = [*segments(prose("c"), left=40, top=300), *segments(prose("d"), left=320, top=300)]
    title = segments_of(line("First " + WIDE, 80, 40)), segments_of(line("Second " + WIDE, 250, 40))
    expected = [f"First {WIDE}", *prose("a"), *prose("b"), f"Second {WIDE}", *prose("c"), *prose("d")]
    assert order(columns, below, *title) == expected


def test_a_line_across_three_columns_ends_them_all() -> None:
    parts = [segments(prose("abc"[number]), left=left) for number, left in enumerate((20, 230, 440))]
    foot = segments_of(line(WIDE, 230, 20))
    expected = [*prose("a"), *prose("b"), *prose("c"), WIDE]
    assert order(foot, *parts) == expected


def test_numbers_beside_labels_are_no_columns_of_prose() -> None:
    rows = [[f"The harbour of town {number}", f"{number},345"] for number in range(8)]
    assert order(segments_of(grid(rows, [40, 320]))) == [text for row in rows for text in row]


def test_korean_columns() -> None:
    left, right = (
        [f"가{n} 항만 사무소는 부두를 관리한다" for n in range(6)],
        [f"나{n} 선박은 요금을 납부하여야 한다" for n in range(6)],
    )
    assert order(segments(left, left=40), segments(right, left=320)) == left + right


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), st.integers(1, 60)), max_size=40))
def test_nothing_is_lost_or_read_twice(places: list[tuple[int, int, int]]) -> None:
    words = [
        word
        for number, (x, row, length) in enumerate(places)
        for word in line(f"{number}" + "x" * length, 20 + 12 * row, x)
    ]
    items = segments_of(words)
    found = [segment for block in reading_order(items) for segment in block]
    assert sorted(map(id, found)) == sorted(map(id, items))


@pytest.mark.parametrize("text", ["12", "1,245", "-3.4", "(1.9)", "12%", "$40", "12kg", "n/a", "—", "..."])
def test_numbers_as_tables_have_them(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["Alda", "12 ships", "Q4 results", "부산", ""])
def test_texts_that_are_no_numbers(text: str) -> None:
    assert not is_number(text)


def test_a_syllable_counts_twice() -> None:
    assert (weight("ab"), weight("항만")) == (2, 4)


def test_few_lines_have_no_gutter() -> None:
    words = [*lines(prose("a", 2), left=40), *lines(prose("b", 2), left=320)]
    assert len(reading_order(segments_of(words))) == 1
    assert reading_order([]) == []
