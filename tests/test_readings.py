import pytest

from raftune.readings import Limits, ReadOptions, WordBox


def test_pages_are_read_from_the_first_by_whatever_way_fits() -> None:
    options = ReadOptions()
    assert (options.way, options.first, options.careful, dict(options.ways)) == ("auto", 1, False, {})


def test_options_and_limits_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Limits().seconds = 1.0  # type: ignore[misc]


def test_a_box_holds_characters_and_a_place() -> None:
    box = WordBox(0, 4, 10.0, 20.0, 30.0, 32.0)
    assert (box.end - box.start, box.right - box.left, box.bottom - box.top) == (4, 20.0, 12.0)
