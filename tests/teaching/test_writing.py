"""A teacher at work in both modes."""

import asyncio

import pytest

from raftune.errors import BadReply
from raftune.records import Question
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.writing import write_answer, write_questions
from tests.teaching.manners import chunk, manner

ITEM = {"kind": "fact", "quotes": [1], "question": "How many ports?", "answer": "73 ports"}
QUESTION = Question(chunk=chunk().id, item=1, text="How many ports?", language="en")


def test_combined_mode_sends_the_same_request_twice() -> None:
    teacher = manner("auto", {"items": [ITEM, ITEM]})
    written = asyncio.run(write_questions(teacher, chunk()))
    answered = asyncio.run(write_answer(teacher, QUESTION, chunk()))
    first, second = teacher.chat.requests  # type: ignore[attr-defined]
    assert first.key == second.key
    assert answered.item == written.outcomes[0]
    assert answered.instructions == written.instructions == first.messages[0].content


def test_separate_mode_asks_for_each_answer() -> None:
    teacher = manner("auto", {"items": [ITEM, ITEM]}, {"quotes": [1], "answer": "73"}, mode="separate")
    written = asyncio.run(write_questions(teacher, chunk()))
    answered = asyncio.run(write_answer(teacher, QUESTION, chunk()))
    assert isinstance(written.outcomes[0], Item)
    assert written.outcomes[0].answer == ""
    assert answered.item.answer == "73"
    assert answered.instructions != written.instructions


def test_a_reply_that_cannot_be_used_is_a_fault_for_each_question() -> None:
    written = asyncio.run(write_questions(manner("auto", "I'm sorry, I cannot do this."), chunk()))
    assert [(type(one), one.number) for one in written.outcomes] == [(Fault, 1), (Fault, 2)]
    assert all(isinstance(one, Fault) and one.reason == "refusal" for one in written.outcomes)


def test_what_has_no_question_is_said() -> None:
    with pytest.raises(BadReply) as caught:
        asyncio.run(write_questions(manner(), chunk("# Ports")))
    assert caught.value.reason == "nothing to ask"


def test_a_question_that_the_reply_has_no_more_is_said() -> None:
    other = QUESTION.changed(text="Another?")
    with pytest.raises(BadReply) as caught:
        asyncio.run(write_answer(manner("auto", {"items": [ITEM, ITEM]}), other, chunk()))
    assert caught.value.reason == "stale question"
