"""Charts of block characters."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.cli.bars import bar, columns_of, ranges, strip
from raftune.report_records import CoveredStretch


def stretch(start: int, end: int, state: str) -> CoveredStretch:
    return CoveredStretch.model_validate({"start": start, "end": end, "pages": (), "state": state})


def test_bars_are_as_long_as_their_share() -> None:
    assert [bar(value, 8, 4) for value in (0, 8, 4, 1, 3)] == ["", "████", "██", "▌", "█▌"]
    assert bar(1, 10_000, 4) == "▏"
    assert bar(0, 0, 4) == ""


def test_columns_show_every_value_above_zero() -> None:
    assert columns_of([0, 1, 8, 4, 1000]) == " ▁▁▁█"
    assert columns_of([]) == ""
    assert columns_of([0, 0]) == "  "


def test_a_strip_shows_what_most_of_each_column_is() -> None:
    assert strip([stretch(0, 50, "used"), stretch(50, 75, "lost"), stretch(75, 100, "untouched")], 4) == "██▒·"
    assert strip([stretch(0, 10, "outside"), stretch(10, 100, "used")], 4) == "████"
    assert strip([], 4) == ""


@given(st.sets(st.integers(1, 60)))
def test_ranges_name_every_number(numbers: set[int]) -> None:
    found = set()
    for part in filter(None, ranges(sorted(numbers)).split(", ")):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    assert found == numbers


def test_ranges_are_short() -> None:
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
