import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.syllables import box_gap, has_hangul, is_hangul, joined, narrowest_space, with_latin
from raftune.readings import Glyphs

HEIGHT = 20.0


def line(*pieces, top=0.0, confidence=0.9):
    """Pieces as (text, gap before it); each character is as wide as the line is high."""
    words, right = [], 0.0
    for text, gap in pieces:
        left = right + gap
        right = left + HEIGHT * len(text)
        words.append(Glyphs(text, left, top, right, top + HEIGHT, confidence))
    return words


def texts(words):
    return [word.text for word in words]


def test_syllables_that_stand_close_are_one_word():
    pieces = line(("한", 0), ("국", 2), ("은", 2), ("행", 2), ("이", 9), ("14", 9), ("일", 2))
    assert texts(joined([pieces])) == ["한국은행", "이", "14일"]


def test_latin_words_are_not_joined_however_close():
    assert texts(joined([line(("Debian", 0), ("GNU", 3), ("은", 2))])) == ["Debian", "GNU은"]


def test_lines_are_not_joined():
    assert texts(joined([line(("가", 0)), line(("나", 0), top=40.0), []])) == ["가", "나"]


def test_the_space_follows_the_page():
    tight = [line(*[("가", 1.0 if place % 3 else 5.0) for place in range(60)])]
    wide = [line(*[("가", 4.6 if place % 3 else 12.0) for place in range(60)])]
    assert narrowest_space(tight, box_gap) < narrowest_space(wide, box_gap)
    for lines in (tight, wide):
        assert {len(word.text) for word in joined(lines)} == {3}


def test_boxes_that_reach_into_other_lines_are_cut():
    words = line(("가나", 0), ("다라", 10), ("마바", 10), top=100.0)
    words[1] = Glyphs("다라", words[1].left, 60.0, words[1].right, 170.0, 0.9)
    assert [(word.top, word.bottom) for word in joined([words])] == [(100, 120), (95, 125), (100, 120)]


@given(
    st.lists(
        st.lists(st.tuples(st.text("가나다ab12.", min_size=1, max_size=4), st.floats(-5, 30)), max_size=8), max_size=5
    )
)
def test_no_character_is_lost(rows):
    lines = [line(*row, top=30.0 * number) for number, row in enumerate(rows)]
    assert "".join(texts(joined(lines))) == "".join(text for row in rows for text, _ in row)


def latin(text, left, right, confidence=0.95, top=0.0):
    return Glyphs(text, left, top, right, top + HEIGHT, confidence)


def test_a_sure_latin_word_replaces_what_was_misread():
    lines = [line(("안", 0), ("04", 4), ("×", 0), ("및", 8))]
    fused = with_latin(lines, [latin("Linux", 24, 84)])
    assert [texts(one) for one in fused] == [["안", "Linux", "및"]]
    assert texts(lines[0]) == ["안", "04", "×", "및"]


@pytest.mark.parametrize("word", [latin("of", 0, 20), latin("Linux", 24, 84, confidence=0.5), latin("—", 24, 84)])
def test_hangul_stands_against_latin_and_doubt_replaces_nothing(word):
    lines = [line(("안", 0), ("04", 4), ("×", 0))]
    assert with_latin(lines, [word]) == lines


def test_a_word_where_nothing_was_seen_is_a_line_of_its_own():
    assert [texts(one) for one in with_latin([line(("안", 0))], [latin("Title", 0, 90, top=200.0)])] == [
        ["안"],
        ["Title"],
    ]


def test_hangul_is_told_from_other_script():
    assert is_hangul("가")
    assert is_hangul("ㅎ")
    assert not has_hangul("漢 A1")
