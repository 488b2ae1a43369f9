import pytest
from PIL import Image, ImageDraw

from raftune.reading.ink import Ink, is_sideways
from raftune.readings import Glyphs
from tests.ocr.pictures import ENGLISH, picture


def bars(*spans, ink="black", paper="white"):
    image = Image.new("L", (100, 40), paper)
    for left, right in spans:
        ImageDraw.Draw(image).rectangle([left, 10, right - 1, 29], fill=ink)
    return image


def box(left, right):
    return Glyphs("가", left, 10, right, 30, 1.0)


@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "black")])
def test_a_gap_is_where_there_is_no_ink(ink, paper):
    page = Ink(bars((10, 30), (42, 60), ink=ink, paper=paper))
    assert page.gap(box(10, 30), box(42, 60)) == 12


def test_a_box_that_ends_too_early_does_not_make_a_gap():
    assert Ink(bars((10, 60))).gap(box(10, 30), box(34, 60)) == 0


def test_dust_does_not_close_a_gap():
    image = bars((10, 30), (42, 60))
    image.putpixel((35, 20), 0)
    assert Ink(image).gap(box(10, 30), box(42, 60)) == 12


def test_boxes_that_overlap_are_as_far_apart_as_they_say():
    assert Ink(bars((10, 60))).gap(box(10, 60), box(12, 20)) == -48
    assert Ink(bars((10, 60))).gap(box(30, 60), box(10, 20)) == -50


def test_boxes_outside_the_picture_do_no_harm():
    assert Ink(bars((10, 30))).gap(box(90, 99), box(200, 300)) >= 0


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_lines_run_along_or_down(turns):
    assert is_sideways(picture(ENGLISH * 3, turns=turns)) == bool(turns % 2)
