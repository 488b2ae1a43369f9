"""A distractor is never the oracle, a copy of it, or a passage that holds the answer."""

import asyncio
import random
from collections.abc import Sequence

from raftune.copies import Vocabulary
from raftune.distractors import DistractorPool, Passages, holds_answer, in_random_order, main_language, ranks_of
from raftune.records import Chunk
from tests.support import make_answer, make_chunk

ORACLE = make_chunk("In 2023 the Reserve Banks handled 3.1 billion checks, a decrease of 6.7 percent from 2022.", 0)
ANSWER = make_answer(ORACLE, "How many checks did the Reserve Banks handle in 2023?", "3.1 billion checks")


def pool_of(chunks: list[Chunk], hidden: frozenset[int] = frozenset()) -> DistractorPool:
    return DistractorPool(Passages(chunks), {"all": range(len(chunks))}, hidden)


def honest(*texts: str) -> list[int]:
    """The numbers of the texts that may distract from the oracle; 0 is the oracle itself."""
    made = pool_of([ORACLE, *(make_chunk(text, number) for number, text in enumerate(texts, 1))])
    return [place for place in range(len(texts) + 1) if made.honest(place, 0, [ANSWER])]


def test_the_oracle_is_not_its_own_distractor() -> None:
    assert honest("Something else entirely.") == [1]


def test_a_chunk_with_the_quote_is_left_out() -> None:
    assert honest(f"Summary. {ORACLE.text} More.", "Other words.") == [2]


def test_a_chunk_with_the_answer_in_the_questions_words_is_left_out() -> None:
    other = "The Reserve Banks said they handle about 3.1 billion checks in most years."
    assert holds_answer(ANSWER, Vocabulary().passage(other))
    assert honest(other) == []


def test_the_same_figure_about_something_else_is_allowed() -> None:
    assert not holds_answer(ANSWER, Vocabulary().passage("A city wrote 3.1 billion checks for roads."))


def test_part_of_a_word_is_not_the_answer() -> None:
    answer = make_answer(ORACLE, "How many checks did Reserve Banks handle?", "1 billion")
    assert not holds_answer(answer, Vocabulary().passage("Reserve Banks handle many checks: 21 billion"))


def test_a_korean_passage_with_the_answer_is_left_out() -> None:
    chunk = make_chunk("항구 갱신 수수료 는 30만원 이다.", 0, language="ko")
    answer = make_answer(chunk, "항구 갱신 수수료 는 얼마인가?", "30만원")
    assert holds_answer(answer, Vocabulary().passage("모든 항구 에서 갱신 수수료 를 30만원 으로 한다."))
    assert not holds_answer(answer, Vocabulary().passage("선박 검사 비용 은 30만원 이다."))


def test_a_near_duplicate_is_left_out() -> None:
    copy = ORACLE.text.replace("handled", "processed").replace("3.1", "4.2")
    assert honest(copy, "Coins were distributed by the Mint during the year.") == [2]


def test_an_overlapping_chunk_of_the_same_document_is_left_out() -> None:
    overlapping = ORACLE.changed(start=10, end=200, text="A text that shares nothing with it.")
    assert not pool_of([ORACLE, overlapping]).honest(1, 0, [ANSWER])


def test_hidden_passages_are_in_no_tier() -> None:
    chunks = [make_chunk(f"Text number {number}.", number) for number in range(9)]
    pool, generator = pool_of(chunks, frozenset({2, 5})), random.Random(1)
    for places in (pool.near("all"), pool.same_document(0, generator), pool.anything(generator)):
        assert sorted(places) == [0, 1, 3, 4, 6, 7, 8]


def test_random_order_names_every_place_once() -> None:
    places = list(range(20))
    order = list(in_random_order(places, random.Random(1)))
    assert sorted(order) == places
    assert order == list(in_random_order(places, random.Random(1))) != list(in_random_order(places, random.Random(2)))


def test_queries_go_to_the_retriever_together() -> None:
    asked: list[list[str]] = []

    class Retriever:
        async def index(self, texts: Sequence[str]) -> None:
            assert list(texts) == [ORACLE.text]

        async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
            asked.append(list(queries))
            return [[0] * count for _ in queries]

    queries = {str(number): f"question {number}" for number in range(1500)}
    ranks = asyncio.run(ranks_of(queries, Passages([ORACLE]), Retriever(), lambda *_: None))
    assert [len(some) for some in asked] == [1024, 476]
    assert list(ranks["1499"]) == [0]


def test_the_language_of_most_passages() -> None:
    korean, english = make_chunk("하나", 0, language="ko"), make_chunk("one", 1)
    assert main_language([korean, korean, english]) == "ko"
    assert main_language([korean, english]) == main_language([]) == "en"
