import asyncio

from hypothesis import given
from hypothesis import strategies as st

from raftune.retrievers.bm25 import plug
from raftune.verifying.finding import not_found
from tests.support import make_answer, make_chunk

CHUNKS = [
    make_chunk("The case of Fruge v. Board of Governors has the case number 22-5307 and was filed in November.", 0),
    make_chunk("The case of Judicial Watch v. Board of Governors has the case number 22-cv-37.", 1),
    make_chunk("The case number is the case number of a case.", 2),
    make_chunk("항만공사는 2021년에 항만 73곳을 점검하였다.", 3, language="ko"),
]


def lost(number: int, question: str, count: int = 1) -> bool:
    answer = make_answer(CHUNKS[number], question, "x")
    return answer.id in asyncio.run(not_found(plug(), [answer], CHUNKS, count))


def test_a_question_that_says_enough_finds_its_passage() -> None:
    assert not lost(0, "What is the case number of Fruge v. Board of Governors?")
    assert not lost(3, "항만공사가 2021년에 점검한 항만은 몇 곳입니까?")


def test_a_question_that_could_be_about_any_passage_does_not() -> None:
    assert lost(0, "What is the case number?")


@given(st.sampled_from(range(4)), st.text(min_size=1, max_size=40))
def test_every_passage_is_found_among_all(number: int, question: str) -> None:
    assert not lost(number, question, count=len(CHUNKS))
