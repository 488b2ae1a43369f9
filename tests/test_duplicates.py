"""The index finds what the plain definition finds, however many questions there are."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.duplicates import SMALL, NearDuplicates, same, similarity, words_of

WORDS = ["port", "ship", "pilot", "bridge", "agency", "licence", "harbour", "year", "항구", "선박", "2021", "2022"]
SETS = st.lists(st.frozensets(st.sampled_from(WORDS), max_size=9), max_size=3 * SMALL)


@given(SETS, st.frozensets(st.sampled_from(WORDS), max_size=9))
def test_all_that_are_the_same_are_found_and_nothing_else(held: list[frozenset[str]], asked: frozenset[str]) -> None:
    index = NearDuplicates()
    for words in held:
        index.add(words)
    expected = [number for number, words in enumerate(held) if same(asked, words)]
    assert sorted(index.find_all(asked)) == expected
    assert (index.find(asked) is None) == (not expected)


@given(st.integers(2, 40), st.integers(0, 6), st.integers(0, 6))
def test_long_questions_are_found_by_the_words_they_share(size: int, removed: int, added: int) -> None:
    index = NearDuplicates()
    for number in range(2 * SMALL):
        index.add(frozenset(f"w{letter_of(number)}{letter_of(place)}" for place in range(size)))
    words = frozenset(f"w{letter_of(7)}{letter_of(place)}" for place in range(size))
    other = frozenset(sorted(words)[removed:]) | {f"x{letter_of(place)}" for place in range(added)}
    assert list(index.find_all(other)) == ([7] if same(words, other) else [])


def letter_of(number: int) -> str:
    """A name without figures."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def test_other_figures_are_another_question() -> None:
    assert not same(words_of("How many ports did the Agency inspect in 2021?"), words_of("... inspect in 2022?"))
    fees = [words_of(f"What is the renewal fee of the harbour pilots in {year}?") for year in (2021, 2022)]
    assert not same(*fees)


def test_korean_particles_make_no_other_question() -> None:
    asked = [words_of(f"항구{one} 갱신 수수료{two} 2021년에 얼마인가?") for one, two in (("의", "는"), ("의", "가"))]
    assert same(*asked)
    assert not same(
        words_of("항구의 갱신 수수료는 2021년에 얼마인가?"), words_of("항구의 갱신 수수료는 2022년에 얼마인가?")
    )


def test_case_and_composition_do_not_matter() -> None:
    assert words_of("What Is the FEE?") == words_of("what is the fee")
    assert words_of("\u1112\u1161\u11ab\u1100\u1173\u11af") == words_of("한글")
    assert similarity(frozenset(), frozenset()) == 1.0
