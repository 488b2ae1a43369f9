import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.words import main_turn, other_size, turn_box, upright, viewer, whole
from tests.pdf_files import Leaf, Printed
from tests.reading.pdf.made_words import layer_of, line, opened

EDGES = st.floats(0, 500, allow_nan=False)


def texts(page: list[Printed] | Leaf) -> list[str]:
    return [word.text for word in layer_of(page).words]


def test_words_are_parted_by_white_space_and_by_gaps() -> None:
    page = [Printed("Ships of Alda", 700), Printed("fees", 700, x=300)]
    assert texts(page) == ["Ships", "of", "Alda", "fees"]


def test_a_word_has_its_box_baseline_size_and_weight() -> None:
    [word] = layer_of([Printed("Alda", 700, size=18, x=100, bold=True)]).words
    assert (word.left, word.baseline, word.size) == pytest.approx((100, 92, 18), abs=2)
    assert word.top < word.baseline <= word.bottom + 0.5
    assert word.right - word.left == pytest.approx(40, abs=5)
    assert word.bold
    assert not layer_of([Printed("Alda", 700)]).words[0].bold


def test_korean_text_is_read() -> None:
    assert texts([Printed("기준금리를 인상하였다", 700)]) == ["기준금리를", "인상하였다"]


def test_a_raised_number_is_a_footnote_mark_on_the_word_s_baseline() -> None:
    page = [Printed("Alda pays", 700), Printed("4", 704, size=6, x=118.5), Printed("by day.", 700, x=126)]
    mark = next(word for word in layer_of(page).words if word.text == "4")
    assert mark.raised
    assert mark.baseline == pytest.approx(92, abs=0.1)


def test_the_raised_number_of_a_footnote_itself_is_no_mark() -> None:
    number, *_ = layer_of([Printed("4", 704, size=6), Printed("See the rule.", 700, x=77)]).words
    assert not number.raised
    assert number.baseline == pytest.approx(92, abs=0.1)


def test_a_large_number_and_small_letters_are_not_raised() -> None:
    page = [Printed("10", 700, x=72), Printed("th", 704, size=6, x=84), Printed("of 4", 700, x=95)]
    assert not any(word.raised for word in layer_of(page).words)


@pytest.mark.parametrize("turned", [1, 2, 3])
def test_turned_text_says_by_how_much(turned: int) -> None:
    words = layer_of([Printed("Sideways words", 400, x=300, turned=turned)]).words
    assert [word.text for word in words] == ["Sideways", "words"]
    assert {word.turned for word in words} == {-turned % 4}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_is_read_as_a_viewer_turns_it(rotate: int) -> None:
    layer = layer_of(Leaf([Printed("Alda", 700, x=100)], rotate))
    assert (layer.width, layer.height) == ((792, 612) if rotate % 180 else (612, 792))
    assert {word.turned for word in layer.words} == {rotate // 90}
    assert main_turn(layer.words) == rotate // 90


def test_the_box_of_a_page_need_not_begin_at_nought() -> None:
    [word] = layer_of(Leaf([Printed("Alda", 700, x=100)], box=(50, 60, 562, 760))).words
    assert (word.left, word.baseline) == pytest.approx((50, 60), abs=2)


def test_upright_text_reads_from_left_to_right_whatever_the_turn() -> None:
    for turned in range(4):
        layer = layer_of([Printed("one two three", 400, x=300, turned=turned)])
        words = upright(layer, main_turn(layer.words)).words
        assert [word.turned for word in words] == [0, 0, 0]
        assert words[0].right < words[1].left < words[1].right < words[2].left


@settings(max_examples=30, deadline=None)
@given(EDGES, EDGES, EDGES, EDGES, st.integers(0, 3))
def test_turning_a_box_back_gives_the_box(one: float, two: float, three: float, four: float, turns: int) -> None:
    box = (min(one, two), min(three, four), max(one, two), max(three, four))
    width, height = 612.0, 792.0
    turned = turn_box(box, turns, width, height)
    size = (height, width) if turns % 2 else (width, height)
    assert turned[0] <= turned[2]
    assert turned[1] <= turned[3]
    assert 0 <= turned[0] <= turned[2] <= size[0]
    assert turn_box(turned, -turns % 4, *size) == pytest.approx(box)


@settings(max_examples=30, deadline=None)
@given(EDGES, EDGES, st.integers(0, 3))
def test_four_quarter_turns_are_none(x: float, y: float, turns: int) -> None:
    box, size = (x, y, x + 10, y + 20), (612.0, 792.0)
    for _ in range(4):
        box, size = turn_box(box, turns, *size), (size if turns % 2 == 0 else (size[1], size[0]))
    assert box == pytest.approx((x, y, x + 10, y + 20))


@pytest.mark.parametrize("turns", range(4))
def test_the_corner_of_a_page_comes_to_the_corner_that_a_viewer_shows(turns: int) -> None:
    with opened(Leaf([Printed("Alda", 700)])) as page:
        place = viewer(page, turns)
        corners = {place(0, 0), place(612, 0), place(0, 792), place(612, 792)}
        assert corners == (
            {(0, 0), (792, 0), (0, 612), (792, 612)} if turns % 2 else {(0, 0), (612, 0), (0, 792), (612, 792)}
        )
        right = place(100, 10)[0] - place(0, 10)[0], place(100, 10)[1] - place(0, 10)[1]
        assert math.hypot(*right) == pytest.approx(100)


def test_the_main_turn_is_that_of_most_letters() -> None:
    assert main_turn([*line("a long line of text"), *line("short", turned=1)]) == 0
    assert main_turn([*line("short"), *line("a long line of text", turned=3)]) == 3
    assert main_turn([]) == 0


def test_surrogates_and_control_characters_cannot_come_through() -> None:
    assert whole("\ud83d\ude00 ok\0\x08\x7f") == "😀 ok"
    whole("lone \ud83d").encode()


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec=None)))
def test_whatever_a_file_says_can_be_stored(text: str) -> None:
    whole(text).encode()


def test_a_footnote_mark_differs_in_size() -> None:
    assert other_size(6, 10)
    assert other_size(10, 6)
    assert not other_size(9, 10)
