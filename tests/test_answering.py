"""Quotes are looked up where they are said to stand."""

import asyncio
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest

from raftune.answering import Answerer, ground
from raftune.prompts.raft import default_prompt
from tests.support import ScriptedChat, make_chunk

REFUSALS = {
    "en": "I am sorry, the documents do not hold the answer to this question.",
    "ko": "죄송하지만 문서에서 이 질문에 대한 답을 찾을 수 없습니다.",
}
CHUNK = make_chunk("The ferry leaves\nat nine.", 0, "timetable")


class First:
    def __init__(self, found: int = 1) -> None:
        self.found = found

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        return [list(range(min(count, self.found))) for _ in queries]


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


def test_a_quote_has_its_characters_in_its_passage() -> None:
    text = "Ferries are slow. The  ferry leaves\nat ‘nine’. 요금은 3.5 %이다."
    chunk = make_chunk(unicodedata.normalize("NFD", text), 0, "timetable")
    reply = ground(
        "##begin_quote##The ferry leaves at 'nine'.##end_quote####begin_quote##요금은 3.5 %이다.##end_quote##"
        "##begin_quote##Ferries are fast.##end_quote##<ANSWER>: nine",
        [make_chunk("Other.", 1), chunk],
    )
    assert [quote.verified for quote in reply.quotes] == [True, True, False]
    assert [quote.chunk for quote in reply.quotes] == [chunk.id, chunk.id, None]
    first, second, _ = (unicodedata.normalize("NFC", chunk.text[quote.start : quote.end]) for quote in reply.quotes)
    assert (first, second) == ("The  ferry leaves\nat ‘nine’.", "요금은 3.5 %이다.")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "text",
    [
        "<ANSWER>: The documents do not hold the answer.",
        "생각합니다. <ANSWER>: 문서에 답이 없습니다",
        "The documents do not hold the answer",
        "<ANSWER>: This is not mentioned in the documents.",
        "<ANSWER>: 문서에서 관련 내용을 찾을 수 없습니다.",
        "##begin_quote####end_quote##<ANSWER>:",
        "",
    ],
)
def test_a_reply_without_an_answer_becomes_a_polite_sentence(text: str, language: Any) -> None:
    reply = ground(text, [CHUNK], language)
    assert reply.abstains
    assert reply.said == REFUSALS[language]


def test_an_answer_in_words_of_not_knowing_stays_where_a_quote_bears_it() -> None:
    quote = "##begin_quote##The ferry leaves at nine.##end_quote##"
    reply = ground(f"{quote}<ANSWER>: I cannot find a second ferry, the first leaves at nine.", [CHUNK])
    assert not reply.abstains
    assert reply.said == "I cannot find a second ferry, the first leaves at nine."


def test_a_reader_sees_no_marks() -> None:
    reply = ground("##begin_quote##It is ##BEGIN_QUOTE## so.##end_quote## <answer> nine <|im_end|> ##begin_qu", [CHUNK])
    assert reply.said == "nine"
    assert "#" not in reply.quotes[0].text


@pytest.mark.parametrize(
    ("question", "language"), [("When does the ferry leave?", "en"), ("배는 언제 떠납니까?", "ko")]
)
def test_nothing_found_nobody_asked(question: str, language: str) -> None:
    chat = ScriptedChat(["<ANSWER>: nine"])
    answerer = Answerer([CHUNK], First(0), chat, "model", default_prompt(), 3, 0)
    asked = asyncio.run(answerer.prepare(question))
    assert asked.shown == ()
    reply = asyncio.run(answerer.ask(question))
    assert (reply.abstains, reply.said) == (True, REFUSALS[language])
    assert chat.requests == []
