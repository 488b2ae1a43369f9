"""Answers with quotes whose spans are exact, from the reply that `ask` got."""

import json
from pathlib import Path
from typing import Any

from raftune.artifact import in_memory
from raftune.records import Chunk, Question
from raftune.registry import load
from raftune.stages.answer import AnswerConfig, answer
from raftune.stages.ask import AskConfig
from tests.support import ScriptedChat, make_chunk, make_teacher, make_tools, rows_of

CHUNK = make_chunk("The Agency inspected 73 ports during 2021. Licences cost 40 dollars in the north of the country.")
QUESTION = Question(chunk=CHUNK.id, item=2, text="What do licences cost in the north?", language="en")
REPLY = json.dumps(
    {
        "sentence_1": {"question": "How many ports?", "answer": "73"},
        "sentence_2": {"question": QUESTION.text, "answer": " 40  dollars "},
    }
)


class TooCheap:
    name = "too cheap"
    stage = "answer"

    def fault(self, candidate: Any) -> str | None:
        return "costs 40" if "40" in candidate.final else None


class Plugs:
    def __init__(self, gates: list[Any]) -> None:
        self.chat, self.found = ScriptedChat([REPLY]), gates

    def teacher(self) -> Any:
        return make_teacher(self.chat, recipe="sentences")

    def gates(self, stage: str, names: Any) -> list[Any]:
        return self.found


def answered(folder: Path, gates: list[Any]) -> tuple[list[Any], dict[str, int]]:
    tools = make_tools(folder, Plugs(gates))
    inputs = in_memory("ask", Question, [QUESTION]), in_memory("chunk", Chunk, [CHUNK])
    return rows_of(answer, tools, AnswerConfig(), *inputs), dict(tools.draft.rejected)


def test_the_quote_is_the_sentence_that_was_asked_about(tmp_path: Path) -> None:
    rows, _ = answered(tmp_path, [])
    quote = rows[0].quotes[0]
    assert rows[0].final == "40 dollars"
    assert CHUNK.text[quote.start : quote.end] == quote.text
    assert quote.text.startswith("Licences cost")


def test_a_gate_drops_and_counts(tmp_path: Path) -> None:
    assert answered(tmp_path, [TooCheap()]) == ([], {"too cheap": 1})


def test_a_question_the_teacher_no_more_asked_is_named(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs([]))
    stale = QUESTION.changed(text="What did licences cost before?")
    inputs = in_memory("ask", Question, [stale]), in_memory("chunk", Chunk, [CHUNK])
    assert rows_of(answer, tools, AnswerConfig(), *inputs) == []
    assert tools.draft.rejected == {"stale question": 1}


def test_the_gates_there_are_belong_to_their_stages() -> None:
    assert {load("gates", name)().stage for name in AnswerConfig().gates} == {"answer"}
    assert {load("gates", name)().stage for name in AskConfig().gates} == {"ask"}
