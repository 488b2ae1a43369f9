from decimal import Decimal

import pytest

from raftune.quantities import quantities, same_quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3.5 %", [("3.5", "%")]),
        ("연 3.50퍼센트", [("3.50", "%")]),
        ("2.5%p, 0.25 percentage points and 25bp", [("2.5", "pp"), ("0.25", "pp"), ("25", "bp")]),
        ("3조 5,000억 원", [("3500000000000", "won")]),
        ("1만 2천 명이 5월 3일에", [("12000", "person"), ("5", "month"), ("3", "day")]),
        ("5천만원", [("50000000", "won")]),
        ("1만 500원", [("10500", "won")]),
        ("₩1,200 or $1.2 billion", [("1200", "won"), ("1200000000.0", "dollar")]),
        ("30 euros a month", [("30", "euro")]),
        ("제3조 2항", [("3", "article"), ("2", "")]),
        ("-0.3% (2021-2023)", [("-0.3", "%"), ("2021", ""), ("2023", "")]),
        ("three days", []),
        ("", []),
    ],
)
def test_numbers_with_units_and_korean_scales(text, found):
    assert [(quantity.value, quantity.unit) for quantity in quantities(text)] == [
        (Decimal(value), unit) for value, unit in found
    ]


@pytest.mark.parametrize(
    ("answer", "reference", "same"),
    [
        ("3.50 percent in 2023", "3.5 %", True),
        ("35 %", "3.5 %", False),
        ("3.5 %p", "3.5 %", False),
        ("3.5", "3.5 %", True),
        ("3조 5천억 원", "3.5조원", True),
        ("350억 원", "3조 5천억 원", False),
        ("2 and 2", "2 and 3", False),
        ("once 2", "2 and 2", False),
        ("no number", "none either", True),
        ("-3 %", "3 %", False),
    ],
)
def test_all_quantities_of_the_reference_are_wanted(answer, reference, same):
    assert same_quantities(answer, reference) is same
