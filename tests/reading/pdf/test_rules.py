import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.rules import Line, Rules, drawn, joined, read_rules, rules_of
from raftune.reading.pdf.words import viewer
from tests.pdf_files import BLACK, Drawn, Leaf, across, down
from tests.reading.pdf.made_words import opened

LINES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 50)), max_size=20)


def rules(page: list[Drawn] | Leaf) -> Rules:
    with opened(page) as only:
        return read_rules(only, viewer(only, only.get_rotation() // 90))


def near(found: tuple[Line, ...], expected: list[Line]) -> bool:
    return len(found) == len(expected) and all(
        a == pytest.approx(b, abs=0.6) for a, b in zip(found, expected, strict=True)
    )


def test_lines_across_and_down() -> None:
    found = rules([*across([700, 650], 72, 300), *down([72, 300], 650, 700)])
    assert near(found.horizontal, [(92, 72, 300), (142, 72, 300)])
    assert near(found.vertical, [(72, 92, 142), (300, 92, 142)])


def test_a_thin_box_is_a_line_and_a_wide_one_has_four_edges() -> None:
    assert near(rules([Drawn(72, 700, 300, 701, BLACK)]).horizontal, [(91.5, 72, 300)])
    found = rules([Drawn(72, 650, 300, 700, BLACK)])
    assert (len(found.horizontal), len(found.vertical)) == (2, 2)


def test_pieces_of_one_line_are_joined_and_slanting_ones_left_out() -> None:
    found = rules([Drawn(72, 700, 150, 700), Drawn(150, 700, 300, 700), Drawn(72, 100, 300, 400)])
    assert near(found.horizontal, [(92, 72, 300)])
    assert found.vertical == ()


def test_lines_of_a_turned_page_stand_as_a_viewer_shows_them() -> None:
    found = rules(Leaf([Drawn(72, 700, 300, 700)], rotate=90))
    assert near(found.vertical, [(700, 72, 300)])
    assert found.horizontal == ()


def test_an_open_path_of_three_points_is_not_closed() -> None:
    assert len(list(drawn([(0, 0), (100, 0), (100, 50)], filled=False))) == 2
    assert len(list(drawn([(0, 0), (100, 0), (100, 50), (0, 50)], filled=False))) == 4
    assert list(drawn([(0, 0), (100, 0), (100, 50)], filled=True)) == [(0, 0, 100, 50)]


def test_what_is_too_short_rules_nothing() -> None:
    assert rules_of([(0, 0, 3, 0.5), (0, 0, 3, 3)]) == Rules()


@settings(max_examples=30, deadline=None)
@given(LINES)
def test_joining_covers_what_was_covered(lines: list[tuple[float, float, float]]) -> None:
    pieces = [(place, begin, begin + length) for place, begin, length in lines]
    found = joined(pieces)
    assert len(found) <= len(pieces)
    for place, begin, end in pieces:
        assert any(abs(a - place) <= 1.5 + 1e-9 and b <= begin and e >= end for a, b, e in found)
