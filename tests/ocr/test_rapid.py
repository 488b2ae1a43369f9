import pytest
from PIL import Image

from raftune.errors import DocumentError
from raftune.ocr.rapid import plug, weights, words_of
from raftune.readings import Glyphs
from tests.ocr.pictures import ENGLISH, picture

CORNERS = [[10.0, 20.0], [110.0, 20.0], [110.0, 40.0], [10.0, 40.0]]


@pytest.fixture
def installed():
    if not plug.fits("en"):
        pytest.skip("rapidocr is not installed: pip install 'raftune[ocr]'")


def cell(character, left):
    return (character, 0.9, [[left, 20], [left + 10, 20], [left + 10, 40], [left, 40]])


def test_a_line_without_places_is_split_in_proportion():
    assert words_of("one  three", 0.8, CORNERS, ()) == [
        Glyphs("one", 10, 20, 40, 40, 0.8),
        Glyphs("three", 60, 20, 110, 40, 0.8),
    ]


def test_characters_make_up_the_boxes_of_words():
    cells = [cell("a", 10), cell("b", 22), cell("c", 60)]
    assert words_of("ab c", 0.8, CORNERS, cells) == [
        Glyphs("ab", 10, 20, 32, 40, 0.8),
        Glyphs("c", 60, 20, 70, 40, 0.8),
    ]


def test_characters_that_do_not_match_the_line_are_not_trusted():
    assert words_of("ab", 0.8, CORNERS, [cell("a", 10)]) == [Glyphs("ab", 10, 20, 110, 40, 0.8)]


def test_weights_are_never_fetched(tmp_path):
    with pytest.raises(DocumentError) as caught:
        weights(tmp_path, "rec")
    assert caught.value.reason == "no ocr"


def test_korean_is_left_to_others():
    assert not plug.fits("ko")


@pytest.mark.usefixtures("installed")
def test_english_is_read_and_boxes_hold_their_words():
    image = picture(ENGLISH)
    words = plug.recognize(image, "en")
    wanted = set(" ".join(ENGLISH).split())
    assert len(wanted & {word.text for word in words}) >= 0.85 * len(wanted)
    for word in words:
        box = tuple(map(round, (word.left, word.top, word.right, word.bottom)))
        assert image.convert("L").crop(box).getextrema()[0] < 100


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("size", [(10, 10), (300, 200), (2000, 12)])
def test_blank_pictures_have_no_words(size):
    assert plug.recognize(Image.new("RGB", size, "white"), None) == []
