"""Replies as they come: told without marks, and not told before it is clear that there is an answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.answering import Answerer
from raftune.contracts import ChatMessage
from raftune.prompts.raft import default_prompt
from raftune.replying import Consultation, InPieces, Whole
from tests.serving.scripted import Scripted
from tests.support import ScriptedChat, make_chunk
from tests.test_answering import CHUNK, REFUSALS, First

QUOTE = "##begin_quote##The ferry leaves at nine.##end_quote##"
MESSAGES = (ChatMessage(role="user", content="When?"),)


class Cut:
    """Writes a text in pieces of some length."""

    def __init__(self, text: str, size: int) -> None:
        self.text, self.size = text, size

    async def write(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncIterator[str]:
        for start in range(0, len(self.text), self.size):
            yield self.text[start : start + self.size]


def replied(
    text: str, size: int, question: str = "When does the ferry leave?", found: int = 1
) -> tuple[list[str], Any]:
    told: list[str] = []
    answerer = Answerer([CHUNK], First(found), ScriptedChat([]), "m", default_prompt(), 1, 0)
    _, reply = asyncio.run(Consultation(answerer, Cut(text, size)).reply(question, told.append))
    return [piece for piece in told if piece], reply


@given(st.integers(1, 80))
def test_what_is_told_is_the_answer_however_it_comes(size: int) -> None:
    told, reply = replied(f"{QUOTE} So. <ANSWER>: at nine, on weekdays", size)
    assert "".join(told) == reply.said == "at nine, on weekdays"
    assert reply.quotes[0].verified
    assert len(told) > 3 or size > 2


@given(st.integers(1, 60), st.sampled_from(["The documents do not hold the answer.", "문서에 답이 없습니다."]))
def test_an_abstention_is_told_politely_and_at_once(size: int, text: str) -> None:
    assert replied(f"<ANSWER>: {text}", size)[0] == [REFUSALS["en"]]
    assert replied(f"<ANSWER>: {text}", size, "배는 언제 떠납니까?")[0] == [REFUSALS["ko"]]


@given(st.integers(1, 60))
def test_a_reply_that_does_not_keep_to_the_form_is_told_in_the_end(size: int) -> None:
    assert replied(f"It is {QUOTE}", size)[0] == ["It is The ferry leaves at nine."]


def test_nothing_found_nothing_asked() -> None:
    told, reply = replied(f"{QUOTE}<ANSWER>: nine", 9, found=0)
    assert told == [REFUSALS["en"]]
    assert reply.abstains


async def gathered(writer: Any) -> list[str]:
    return [piece async for piece in writer.write(MESSAGES, 3)]


def test_a_chat_model_replies_in_one_piece() -> None:
    chat = ScriptedChat(["a whole reply"])
    assert asyncio.run(gathered(Whole(chat, "model", 7))) == ["a whole reply"]
    request = chat.requests[0]
    assert (request.model, request.max_tokens, request.seed, request.messages) == ("model", 3, 7, MESSAGES)


def test_a_generator_replies_in_pieces_and_is_left_where_nobody_listens() -> None:
    generator = Scripted("one two three four")
    assert asyncio.run(gathered(InPieces(generator, "", 7))) == ["one", " two", " three"]
    assert (generator.asked[0].sampling.max_tokens, generator.asked[0].sampling.seed) == (3, 7)

    def stop(piece: str) -> None:
        raise RuntimeError(piece)

    answerer = Answerer([make_chunk("x")], First(), ScriptedChat([]), "m", default_prompt(), 1, 0)
    with pytest.raises(RuntimeError):
        asyncio.run(Consultation(answerer, InPieces(Scripted("<ANSWER>: so and so"), "", 0)).reply("q", stop))
