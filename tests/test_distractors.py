"""A distractor is never the oracle, a copy of it, or a chunk that holds the answer."""

import random

from raftune.distractors import DistractorPool, chunk_words, holds_answer, is_copy
from tests.support import make_answer, make_chunk

ORACLE = make_chunk("In 2023 the Reserve Banks handled 3.1 billion checks, a decrease of 6.7 percent from 2022.", 0)
ANSWER = make_answer(ORACLE, "How many checks did the Reserve Banks handle in 2023?", "3.1 billion checks")


class AllInOrder:
    def index(self, texts: list[str]) -> None:
        self.count = len(texts)

    def nearest(self, query: str, count: int) -> list[int]:
        return list(range(min(count, self.count)))


def pool(*texts: str) -> DistractorPool:
    return DistractorPool([ORACLE, *(make_chunk(text, number) for number, text in enumerate(texts, 1))], AllInOrder())


def honest(*texts: str) -> list[int]:
    """The numbers of the texts that may distract from the oracle; 0 is the oracle itself."""
    made = pool(*texts)
    return [place for place, chunk in enumerate(made.chunks) if made.honest(chunk, ORACLE, [ANSWER])]


def test_the_oracle_is_not_its_own_distractor() -> None:
    assert honest("Something else entirely.") == [1]


def test_a_chunk_with_the_quote_is_left_out() -> None:
    assert honest(f"Summary. {ORACLE.text} More.", "Other words.") == [2]


def test_a_chunk_with_the_answer_in_the_questions_words_is_left_out() -> None:
    other = "The Reserve Banks said they handle about 3.1 billion checks in most years."
    assert holds_answer(ANSWER, chunk_words(make_chunk(other)))
    assert honest(other) == []


def test_the_same_figure_about_something_else_is_allowed() -> None:
    assert not holds_answer(ANSWER, chunk_words(make_chunk("A city wrote 3.1 billion checks for roads.")))


def test_part_of_a_word_is_not_the_answer() -> None:
    answer = make_answer(ORACLE, "How many checks did Reserve Banks handle?", "1 billion")
    assert not holds_answer(answer, chunk_words(make_chunk("Reserve Banks handle many checks: 21 billion")))


def test_a_near_duplicate_is_a_copy() -> None:
    copy = ORACLE.text.replace("handled", "processed")
    assert is_copy(chunk_words(ORACLE), chunk_words(make_chunk(copy)))
    assert not is_copy(
        chunk_words(ORACLE), chunk_words(make_chunk("Coins were distributed by the Mint during the year."))
    )


def test_an_overlapping_chunk_of_the_same_document_is_left_out() -> None:
    overlapping = ORACLE.changed(start=10, end=200, text="A text that shares nothing with it.")
    made = DistractorPool([ORACLE, overlapping], AllInOrder())
    assert not made.honest(overlapping, ORACLE, [ANSWER])


def test_random_order_names_every_chunk_once() -> None:
    made = pool(*(f"Text number {number}." for number in range(20)))
    order = list(made.in_random_order(random.Random(1)))
    assert sorted(chunk.id for chunk in order) == sorted(chunk.id for chunk in made.chunks)
    assert order == list(made.in_random_order(random.Random(1))) != list(made.in_random_order(random.Random(2)))
