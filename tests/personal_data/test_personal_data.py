"""Masking changes the data and nothing else."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from raftune.personal_data import ALL_KINDS, MASK, PRIVATE_KINDS, find_personal, mask_personal, masked
from raftune.personal_data.check_digits import BUSINESS_WEIGHTS, RESIDENT_WEIGHTS, weighted

digits = st.lists(st.integers(0, 9), min_size=15, max_size=15)
births = st.dates(dt.date(1930, 1, 1), dt.date(2035, 12, 31))


def joined(numbers: list[int]) -> str:
    return "".join(map(str, numbers))


@given(births, digits, st.sampled_from([0, 1]))
def test_every_resident_number_is_found(birth: dt.date, tail: list[int], foreign: int) -> None:
    century = 1 + 4 * foreign + 2 * (birth.year >= 2000)
    number = [*map(int, birth.strftime("%y%m%d")), century, *tail[:5]]
    number.append((11 - weighted(number, RESIDENT_WEIGHTS) % 11 + 2 * foreign) % 10)
    for text in (joined(number), f"{joined(number[:6])}-{joined(number[6:])}"):
        assert [span.kind for span in find_personal(f"번호: {text}.")] == ["resident_number"]


@given(digits.filter(lambda numbers: len(set(numbers[:9])) > 1))
def test_every_business_number_is_found_only_where_wanted(numbers: list[int]) -> None:
    head = numbers[:9]
    check = (10 - (weighted(head, BUSINESS_WEIGHTS) + head[8] * 5 // 10) % 10) % 10
    text = f"사업자 {joined(head[:3])}-{joined(head[3:5])}-{joined(head[5:])}{check}"
    assert [span.kind for span in find_personal(text, ALL_KINDS)] == ["business_number"]
    assert find_personal(text, ["resident_number"]) == []


@given(digits)
def test_every_visa_card_is_found(numbers: list[int]) -> None:
    head = [4, *numbers[:14]]
    total = sum(digit if at % 2 else digit * 2 - 9 * (digit > 4) for at, digit in enumerate(head))
    text = joined([*head, -total % 10])
    for shape in (text, "-".join(text[at : at + 4] for at in range(0, 16, 4))):
        assert [span.kind for span in find_personal(f"card {shape}", PRIVATE_KINDS)] == ["card"]


PIECES = st.sampled_from(
    ["010-1234-5678", "kim@bank.co.kr", "900101-1234568", "The rate is 5.25%", "은행은", "\n", " "]
)


@given(st.lists(PIECES | st.text(max_size=12), max_size=8).map(" ".join))
def test_masking_keeps_length_and_all_outside_the_spans(text: str) -> None:
    spans = find_personal(text, ALL_KINDS)
    result = masked(text, spans)
    inside = {position for span in spans for position in range(span.start, span.end)}
    assert len(result) == len(text)
    assert all(result[at] == text[at] for at in range(len(text)) if at not in inside)
    assert all(result[at] == MASK for at in inside if text[at].isalnum())
    assert all(left.end <= right.start for left, right in pairwise(spans))


def test_separators_stay() -> None:
    assert mask_personal("전화 010-1234-5678, kim@a.kr") == "전화 ███-████-████, ███@█.██"
