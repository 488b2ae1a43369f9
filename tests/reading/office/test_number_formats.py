import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.office.number_formats import general, shown


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.0, "#,##0", "1,234,567"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.0425, "0.00%", "4.25%"),
        (0.125, "0.00", "0.13"),
        (-500.0, '"₩"#,##0;[Red](#,##0)', "(500)"),
        (500.0, '"₩"#,##0;[Red](#,##0)', "₩500"),
        (-1.5, "0.0", "-1.5"),
        (-0.01, "0.0", "0.0"),
        (1500000.0, '#,##0,"천원"', "1,500천원"),
        (1234.0, "[$₩-412]#,##0", "₩1,234"),
        (0.0, '0;-0;"없음"', "없음"),
        (5.0, ";;;", ""),
        (7.0, "000", "007"),
        (0.5, "#.##", ".5"),
        (12300.0, "0.00E+00", "1.23E+04"),
        (0.75, "# ?/?", "0.75"),
        (3.0, '0"건"', "3건"),
        (3.0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "3"),
        (2.5, 'General"kg"', "2.5kg"),
        (5.0, '"고정"', "고정"),
        (45352.0, "yyyy-mm-dd", "2024-03-01"),
        (45352.0, 'yyyy"년" m"월" d"일" aaaa', "2024년 3월 1일 금요일"),
        (45352.6042, "yyyy/mm/dd h:mm", "2024/03/01 14:30"),
        (45352.6042, "h:mm AM/PM", "2:30 PM"),
        (45352.0, "d-mmm-yy", "1-Mar-24"),
        (45352.0, "dddd, mmmm d", "Friday, March 1"),
        (1.5, "[h]:mm", "36:00"),
        (0.0007, "mm:ss", "01:00"),
        (45352.0, "[$-412]yyyy.mm.dd;@", "2024.03.01"),
        (-1.0, "yyyy-mm-dd", "-1"),
    ],
)
def test_numbers_as_a_sheet_shows_them(value: float, form: str, text: str) -> None:
    assert shown(value, form) == text


def test_dates_that_count_from_1904() -> None:
    assert shown(0.0, "yyyy-mm-dd", from_1904=True) == "1904-01-01"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_general_is_the_number(value: float) -> None:
    assert math.isclose(float(general(value)), value, rel_tol=1e-9, abs_tol=1e-300)


@given(st.floats(min_value=-1e9, max_value=1e9), st.text(alphabet='0#?,.%;-$"년ymdhs[]@E+_*/\\ ', max_size=12))
def test_no_format_is_an_error(value: float, form: str) -> None:
    assert isinstance(shown(value, form), str)
