"""No row is lost, none is called verified that was not."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.artifact import in_memory
from raftune.errors import ProviderError
from raftune.records import Answer, Chunk
from raftune.registry import load
from raftune.stages.verify import VerifyConfig, verify
from tests.support import ScriptedChat, make_answer, make_chunk, make_teacher, make_tools, rows_of

CHUNKS = [
    make_chunk(f"Rule {number} says that the fee of port {number} is {number}0 dollars.", number) for number in range(3)
]
ANSWERS = [
    make_answer(chunk, f"What is the {word} fee of port {number}?", f"{number}0 dollars")
    for number, chunk in enumerate(CHUNKS, 1)
    for word in ("daily", "full")
]


class Plugs:
    def __init__(self, chat: Any, model: str = "scripted") -> None:
        self.chat, self.model = chat, model

    def judge(self) -> Any:
        teacher = make_teacher(self.chat)
        return teacher if self.model == "scripted" else type(teacher)(self.model, self.chat, 3, reasoning=False)

    def verifiers(self, names: Any) -> list[Any]:
        return [load("verifiers", name)() for name in names]

    def retriever(self, name: str, language: str) -> Any:
        return load("retrievers", name)()


def verified(folder: Path, chat: Any, *verifiers: str, model: str = "scripted") -> tuple[list[Answer], dict[str, int]]:
    tools = make_tools(folder, Plugs(chat, model))
    inputs = in_memory("answer", Answer, ANSWERS), in_memory("chunk", Chunk, CHUNKS)
    return rows_of(verify, tools, VerifyConfig(verifiers=verifiers), *inputs), dict(tools.draft.rejected)


def test_one_request_a_passage_and_verifier(tmp_path: Path) -> None:
    chat = ScriptedChat([json.dumps({"answer_1": "not stated", "answer_2": "not stated"})])
    rows, rejected = verified(tmp_path, chat, "blind", "closed_book")
    assert rows == []
    assert rejected == {"not answerable from the passage": 6}
    assert len(chat.requests) == 3


def test_rows_keep_their_ids_and_order_and_get_flags(tmp_path: Path) -> None:
    class Knowing:
        async def complete(self, request: Any) -> Any:
            number = next(n for n in range(1, 4) if f"port {n}?" in request.messages[1].content)
            return await ScriptedChat([json.dumps({"answer_1": f"{number}0 dollars"})]).complete(request)

    rows, rejected = verified(tmp_path, Knowing(), "closed_book")
    assert [row.id for row in rows] == [answer.id for answer in ANSWERS]
    assert [row.flags for row in rows] == [("closed_book",), ("unverified",)] * 3
    assert rejected == {}


def test_the_built_in_teacher_checks_nothing_and_claims_nothing(tmp_path: Path) -> None:
    chat = ScriptedChat(["{}"])
    rows, rejected = verified(tmp_path, chat, "blind", model="extractive")
    assert {row.flags for row in rows} == {("unverified",)}
    assert (rejected, chat.requests) == ({}, [])


def test_without_verifiers_nothing_is_asked_or_changed(tmp_path: Path) -> None:
    chat = ScriptedChat(["{}"])
    assert verified(tmp_path, chat) == (ANSWERS, {})
    assert chat.requests == []


def test_an_endpoint_that_is_down_stops_the_run(tmp_path: Path) -> None:
    class Down:
        async def complete(self, request: Any) -> Any:
            await asyncio.sleep(0)
            raise ProviderError("It is down.", "Try later.")

    with pytest.raises(ProviderError, match="down"):
        verified(tmp_path, Down(), "blind")


REPLIES = st.sampled_from(
    [
        "",
        "I'm sorry, I can't help with that.",
        "{}",
        '{"answer_1": "10 dollars"}',
        '{"answer_2": ["x"], "answer_1": 7}',
        'Sure! ```json\n{"answer_1": "20 dollars", "answer_2": "not stated"}\n```',
        '{"answer_1": "yes", "answer_2": "no"',
        '{"answer_1": "no", "answer_2": "yes"}',
        "[[[",
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(REPLIES, min_size=1, max_size=9),
    st.sampled_from(["stop", "stop", "length", "content_filter"]),
    st.lists(st.sampled_from(["blind", "closed_book", "judged"]), min_size=1, unique=True),
)
def test_rows_in_are_rows_out_and_rejected(replies: list[str], finish: str, verifiers: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows, rejected = verified(Path(folder), ScriptedChat(replies, finish), *verifiers)
    assert len(rows) + sum(rejected.values()) == len(ANSWERS)
    assert set(rejected) <= {"not answerable from the passage", "answered differently", "not supported by its quotes"}
    if finish != "stop":
        assert all(row.flags == ("unverified",) for row in rows)
        assert len(rows) == len(ANSWERS)


def test_a_question_that_does_not_find_its_passage_is_dropped(tmp_path: Path) -> None:
    chunks = [*CHUNKS, *(make_chunk(f"The case number of case {n} is the case number {n}.", 50 + n) for n in range(22))]
    vague = make_answer(CHUNKS[0], "What is the case number?", CHUNKS[0].text.split()[-1])
    tools = make_tools(tmp_path, Plugs(ScriptedChat([""])))
    inputs = in_memory("answer", Answer, [vague]), in_memory("chunk", Chunk, chunks)
    assert rows_of(verify, tools, VerifyConfig(verifiers=()), *inputs) == []
    assert tools.draft.rejected == {"does not find its passage": 1}
    assert rows_of(verify, tools, VerifyConfig(verifiers=(), findable=0), *inputs) == [vague]
