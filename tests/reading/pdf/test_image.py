import pytest

from raftune.reading.pdf.image import MOST_PIXELS, draw
from tests.pdf_files import BLACK, Drawn, Leaf
from tests.reading.pdf.made_words import opened


def test_a_page_is_drawn_in_the_size_asked_for() -> None:
    with opened([]) as page:
        picture = draw(page, 144)
    assert (picture.size, picture.mode) == ((1224, 1584), "RGB")


def test_a_turned_page_is_drawn_as_a_viewer_shows_it() -> None:
    with opened(Leaf([Drawn(0, 692, 100, 792, BLACK)], rotate=90)) as page:
        picture = draw(page, 72)
    assert picture.size == (792, 612)
    assert picture.getpixel((772, 20)) == (0, 0, 0)
    assert picture.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("side", [14_000, 20_000])
def test_a_huge_page_is_drawn_more_coarsely(side: int) -> None:
    with opened(Leaf([], box=(0, 0, side, side))) as page:
        picture = draw(page, 200)
    assert 0.9 * MOST_PIXELS < picture.width * picture.height < 1.1 * MOST_PIXELS
