"""How far a reply holds what a program found on the page."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.agreement import agreement

TABLE = "Fees rose by 4.5 %.\n\n| year | fees |\n| --- | --- |\n| 2020 | 1,234 |\n| 2021 | 56 |"


def test_markdown_and_order_do_not_count() -> None:
    found = agreement("**Fees** | 2021: 56\n\n# year\n2020 fees 1234 rose by *4.5*%", TABLE)
    assert (found.words, found.numbers) == (1.0, 1.0)
    assert found.counted == 5
    assert found.new_numbers == ()


def test_a_number_that_is_changed_is_missing_and_new() -> None:
    found = agreement(TABLE.replace("1,234", "1,284"), TABLE)
    assert (found.missing_numbers, found.new_numbers) == (("1234",), ("1284",))
    assert found.numbers == 0.8


def test_numbers_count_as_often_as_they_stand_there() -> None:
    assert agreement("7 7", "7 7 7").missing_numbers == ("7",)


def test_a_number_is_found_with_letters_around_it() -> None:
    assert agreement("2020 년에 10 ^2 km, US$1.50", "2020년에 10² km, US$ 1.50").numbers == 1.0


def test_figures_may_hold_numbers_of_their_own() -> None:
    reply = f"{TABLE}\n\n> Figure: a line from about 3 to 9\n> with 17 points\n\n> 그림: 막대 8개"
    assert agreement(reply, TABLE).new_numbers == ()
    assert agreement(f"{TABLE}\n\n> quoted 8", TABLE).new_numbers == ("8",)


def test_numbers_printed_in_a_figure_are_found() -> None:
    assert agreement("> Figure: the axis runs from 0 to 60", "0\n\n60").numbers == 1.0


def test_korean_spaces_and_broken_words_do_not_count() -> None:
    assert agreement("여객선은 아홉시에 출발한다.", "여객선 은 아홉 시에 출발 한다.").words == 1.0
    assert agreement("여객선 은 아홉 시에 출발 한다.", "여객선은 아홉시에 출발한다.").words == 1.0
    assert agreement("an example", "an exam ple").words == 1.0


def test_a_page_number_need_not_be_there() -> None:
    assert agreement("Fees rose by 4 %.", "Fees rose by 4 %.\n\n- 17 -").missing_numbers == ()
    assert agreement("", "17").missing_numbers == ("17",)


@given(st.text(), st.text())
def test_shares_are_shares_and_a_text_holds_itself(reply: str, hint: str) -> None:
    found = agreement(reply, hint)
    assert 0 <= found.words <= 1
    assert 0 <= found.numbers <= 1
    same = agreement(hint, hint)
    assert (same.words, same.numbers, same.missing_words, same.new_numbers) == (1.0, 1.0, (), ())


@given(st.lists(st.sampled_from(["12", "1,000", "fee", "여객선", "3.5", "rose"]), min_size=1))
def test_order_never_counts(words: list[str]) -> None:
    assert agreement(" ".join(reversed(words)), " ".join(words)).words == 1.0
    assert agreement("\n".join(sorted(words)), " ".join(words)).missing_words == ()
