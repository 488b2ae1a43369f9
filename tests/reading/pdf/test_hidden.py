import pytest

from raftune.reading.pdf.hidden import hidden_words
from raftune.reading.pdf.words import read_layer
from tests.pdf_files import BLACK, WHITE, Drawn, Item, Leaf, Picture, Printed
from tests.reading.pdf.made_words import opened

TEXT = Printed("The harbour office looks after all the piers of the town.", 700)
SHEET = Picture(0, 0, 612, 792)


def hidden(*items: Item, rotate: int = 0) -> str:
    with opened(Leaf([TEXT, *items], rotate)) as page:
        return " ".join(word.text for word in hidden_words(read_layer(page), page))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "item",
    [
        Printed("hidden", 600, colour=WHITE),
        Printed("hidden", 600, colour=(0.97, 0.97, 1.0)),
        Printed("hidden", 600, mode=3),
        Printed("hidden", 600, size=1),
        Printed("hidden", 600, x=700),
        Printed("hidden", -40),
    ],
    ids=["white", "nearly white", "invisible", "1 pt", "right of the page", "below the page"],
)
def test_text_that_nobody_sees(item: Printed, rotate: int) -> None:
    assert hidden(item, rotate=rotate) == "hidden"


@pytest.mark.parametrize(
    "items",
    [
        [],
        [Drawn(60, 590, 300, 620, BLACK), Printed("seen", 600, colour=WHITE)],
        [Printed("seen", 600, colour=(0.5, 0.5, 0.5))],
        [Printed("seen", 600, size=3)],
        [SHEET, Printed("seen", 600, colour=WHITE)],
    ],
    ids=["plain", "white on a dark bar", "grey", "3 pt", "white on a picture"],
)
def test_text_that_is_seen(items: list[Item]) -> None:
    assert hidden(*items) == ""


def layer_over(*items: Item) -> str:
    with opened(list(items)) as page:
        return " ".join(word.text for word in hidden_words(read_layer(page), page))


def test_the_invisible_text_of_a_scan_is_its_ocr_layer() -> None:
    words = [Printed("The harbour office looks", 700, mode=3), Printed("after all piers.", 688, mode=3)]
    assert layer_over(SHEET, *words) == ""


def test_invisible_words_where_the_scan_is_blank_are_hidden() -> None:
    words = [Printed("The harbour office looks", 700, mode=3), Printed("Ignore", 100, mode=3)]
    assert layer_over(Picture(0, 400, 612, 792), *words) == "Ignore"


def test_what_is_hidden_twice_comes_once() -> None:
    assert hidden(Printed("hidden", 600, size=1, colour=WHITE)) == "hidden"
