import pytest

from raftune.reading.pdf.scan import rows_of_boxes, scanned_layer
from raftune.reading.pdf.segments import segments_of
from raftune.readings import Glyphs

PIXELS = 1700  # 8.5 inches at 200 dots an inch


def glyphs(text: str, left: float, top: float, height: float = 28, confidence: float = 0.9) -> Glyphs:
    return Glyphs(text, left, top, left + 14 * len(text), top + height, confidence)


def test_pixels_become_points_and_rows_share_a_baseline_and_a_size() -> None:
    words = scanned_layer([glyphs("pays", 280, 200), glyphs("Alda", 200, 203, 22)], PIXELS, 612, 792).words
    assert [word.text for word in words] == ["Alda", "pays"]
    assert words[0].left == pytest.approx(72)
    assert len({(word.baseline, word.size) for word in words}) == 1
    assert words[0].size == pytest.approx(10, abs=2)


def test_sizes_that_differ_little_are_one() -> None:
    found = scanned_layer([glyphs("one", 200, 40 * row, 26 + row % 3) for row in range(6)], PIXELS, 612, 792)
    assert len({word.size for word in found.words}) == 1
    title = scanned_layer(
        [*(glyphs("one", 200, 40 * row) for row in range(6)), glyphs("Title", 200, 400, 56)], PIXELS, 612, 792
    )
    assert len({word.size for word in title.words}) == 2


def test_words_of_little_confidence_and_empty_ones_are_left_out() -> None:
    found = scanned_layer([glyphs("no", 0, 0, confidence=0.1), glyphs(" ", 50, 0)], PIXELS, 612, 792)
    assert (found.words, found.width, found.height) == ([], 612, 792)


def test_slightly_slanting_lines_are_rows_and_columns_are_not_joined() -> None:
    slanting = [glyphs("word", 80 * place, 100 + 2 * place) for place in range(6)]
    beside = [glyphs("other", 900, 100)]
    assert [len(row) for row in rows_of_boxes([*beside, *slanting])] == [6, 1]


def test_the_layer_reads_like_text() -> None:
    boxes = [
        glyphs(word, 200 + 110 * place, 100 + 40 * row)
        for row in range(3)
        for place, word in enumerate(["항만", "사무소", "관리"])
    ]
    found = scanned_layer(boxes, PIXELS, 612, 792)
    assert [segment.text.replace(" ", "") for segment in segments_of(found.words)][:1]
    assert "".join(word.text for word in found.words if word.baseline == found.words[0].baseline) == "항만사무소관리"
