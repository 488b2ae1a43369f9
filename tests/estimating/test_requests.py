"""The requests that will be sent are the real ones as far as the ledger knows, else stand-ins of the usual length."""

import json

import pytest

from raftune.contracts import ChatReply
from raftune.estimating.requests import (
    answering,
    asking,
    by_chunk,
    likely_answers,
    likely_questions,
    verifying,
)
from raftune.registry import load
from raftune.stage import Teacher
from tests.support import make_chunk

CHUNK = make_chunk(
    "The fee of port 7 is 70 dollars a day. Ships longer than 40 metres announce their arrival. "
    "The office opens at 6 in the morning. Pilots board two miles before the pier of the harbour.",
    1,
)


def manner(mode: str) -> Teacher:
    return Teacher("m", None, 2, reasoning=True, recipe="passages", mode=mode)  # type: ignore[arg-type]


def nothing(key: str) -> None:
    return None


def replying(*contents: object):
    """A ledger in which the requests of the chunk are answered, one after the other."""
    known: dict[str, object] = {}

    def recall(key: str) -> object:
        if key not in known and len(known) < len(contents):
            reply = ChatReply(
                text=json.dumps(contents[len(known)]), finish_reason="stop", prompt_tokens=1, completion_tokens=1
            )
            known[key] = reply.model_dump(mode="json")
        return known.get(key)

    return recall


ITEM = {"kind": "number", "question": "What is the daily fee of port 7?"}
ANSWER = {"quotes": [1], "reasoning": "It is stated.", "answer": "70 dollars"}


def test_one_request_a_passage_and_one_an_answer() -> None:
    assert len(list(asking([CHUNK], manner("combined")))) == 1
    questions = likely_questions(CHUNK, manner("separate"), nothing)
    assert len(questions) == 2
    assert len(list(answering([CHUNK], by_chunk(questions), manner("separate")))) == 2
    assert list(answering([CHUNK], {}, manner("separate"))) == []


def test_questions_in_the_ledger_are_the_real_ones() -> None:
    found = likely_questions(CHUNK, manner("separate"), replying({"items": [ITEM]}))
    assert [question.text for question in found] == [ITEM["question"]]


@pytest.mark.parametrize("mode", ["combined", "separate"])
def test_answers_in_the_ledger_are_the_real_ones(mode: str) -> None:
    combined = mode == "combined"
    contents = [{"items": [{**ITEM, **ANSWER}]}] if combined else [{"items": [ITEM]}, ANSWER]
    recall = replying(*contents)
    questions = likely_questions(CHUNK, manner(mode), recall)
    [answer] = likely_answers(CHUNK, questions, manner(mode), recall)
    assert (answer.text, answer.final) == (ITEM["question"], "70 dollars")
    assert answer.quotes[0].text.startswith("The fee of port 7")


def test_a_reply_that_cannot_be_read_leaves_nothing_to_ask() -> None:
    assert likely_questions(CHUNK, manner("combined"), replying("nonsense")) == []


def test_a_verifier_asks_once_a_passage_that_has_answers() -> None:
    answers = likely_answers(CHUNK, likely_questions(CHUNK, manner("combined"), nothing), manner("combined"), nothing)
    verifiers = [load("verifiers", name)() for name in ("blind", "closed_book")]
    assert len(list(verifying([CHUNK], by_chunk(answers), verifiers, "m"))) == 2
    assert list(verifying([CHUNK], {}, verifiers, "m")) == []
