"""Quotes are looked up where they are said to stand."""

import asyncio

from raftune.answering import Answerer, ground
from raftune.prompts.raft import default_prompt
from tests.support import ScriptedChat, make_chunk

CHUNK = make_chunk("The ferry leaves\nat nine.", 0, "timetable")


class First:
    async def index(self, texts: list[str]) -> None: ...

    async def nearest(self, queries: list[str], count: int) -> list[list[int]]:
        return [[0] for _ in queries]


def test_a_verbatim_quote_gets_its_page() -> None:
    reply = ground("##begin_quote##The ferry leaves at nine.##end_quote##\n<ANSWER>: nine", [CHUNK])
    assert (reply.answer, reply.quotes[0].path, reply.quotes[0].pages) == ("nine", "timetable.md", (1,))


def test_an_invented_quote_has_no_page() -> None:
    reply = ground("##begin_quote##The ferry leaves at ten.##end_quote##<ANSWER>: ten", [CHUNK])
    assert reply.quotes[0].path is None


def test_a_reply_without_marks_is_kept_as_text() -> None:
    reply = ground("It leaves at nine.", [CHUNK])
    assert (reply.answer, reply.text, reply.quotes) == (None, "It leaves at nine.", ())


def test_the_student_sees_the_passages_and_the_question() -> None:
    chat = ScriptedChat(["<ANSWER>: nine"])
    answerer = Answerer([CHUNK], First(), chat, "model", default_prompt(), 1, 0)
    assert asyncio.run(answerer.ask("When does the ferry leave?")).answer == "nine"
    prompt = chat.requests[0].messages[1].content
    assert CHUNK.text in prompt
    assert prompt.endswith("Question: When does the ferry leave?")
