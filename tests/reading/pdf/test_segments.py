from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.reading.pdf.segments import Segment, rows_of, segments_of, words_text
from raftune.reading.pdf.words import Word
from tests.reading.pdf.made_words import grid, line

BOXES = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 700), st.sampled_from([6.0, 10.0, 14.0])), max_size=40)


def test_a_wide_gap_ends_a_segment() -> None:
    words = grid([["Port of Alda", "12"], ["Port of Borg", "7"]], [72, 200])
    assert [segment.text for segment in segments_of(words)] == ["Port of Alda", "12", "Port of Borg", "7"]


def test_words_of_another_size_stand_on_the_same_row() -> None:
    words = [*line("Large", 100.0, 72, 14), *line("small", 100.8, 120, 9)]
    assert [words_text(row) for row in rows_of(words)] == ["Large small"]


def test_a_segment_knows_its_edges_and_its_usual_size() -> None:
    segment = Segment((*line("Alda", 100.0, 72, 8), *line("and all its piers", 100.0, 100, 10)))
    assert (segment.left, segment.size, segment.baseline) == (72, 10, 100)
    assert segment.top < segment.baseline < segment.bottom
    assert segment.right == segment.words[-1].right


@settings(max_examples=30, deadline=None)
@given(BOXES)
def test_each_word_comes_once_and_rows_go_from_left_to_right(places: list[tuple[int, int, float]]) -> None:
    words = [Word(str(number), x, y - 7, x + 8, y + 2, y, size) for number, (x, y, size) in enumerate(places)]
    found = segments_of(words)
    assert sorted(word.text for segment in found for word in segment.words) == sorted(word.text for word in words)
    for segment in found:
        assert [word.left for word in segment.words] == sorted(word.left for word in segment.words)
