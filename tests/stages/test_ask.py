"""Questions from a teacher's reply, and what is left out with which reason."""

import json
from pathlib import Path
from typing import Any

from raftune.artifact import in_memory
from raftune.records import Chunk, Question
from raftune.stages.ask import AskConfig, ask
from tests.support import ScriptedChat, make_chunk, make_teacher, make_tools, rows_of

CHUNK = make_chunk("The Agency inspected 73 ports during 2021. Licences cost 40 dollars in the north of the country.")


class Plugs:
    def __init__(self, chat: Any, gates: list[Any]) -> None:
        self.chat, self.found = chat, gates

    def teacher(self) -> Any:
        return make_teacher(self.chat, recipe="sentences")

    def gates(self, stage: str, names: Any) -> list[Any]:
        return self.found


class NoLicences:
    name = "no licences"
    stage = "ask"

    def fault(self, candidate: Any) -> str | None:
        return "about licences" if "licence" in candidate.question.lower() else None


def reply(**fields: Any) -> str:
    items = {
        "sentence_1": ("How many ports did the Agency inspect in 2021?", "73"),
        "sentence_2": ("What do licences cost?", "40 dollars"),
    }
    return json.dumps({name: {"question": q, "answer": a} for name, (q, a) in items.items()} | fields)


def asked(
    folder: Path, replies: list[str], gates: tuple[Any, ...] = (), **options: Any
) -> tuple[list[Question], dict[str, int]]:
    tools = make_tools(folder, Plugs(ScriptedChat(replies, **options), gates))
    return rows_of(ask, tools, AskConfig(), in_memory("chunk", Chunk, [CHUNK])), dict(tools.draft.rejected)


def test_one_reply_makes_several_questions(tmp_path: Path) -> None:
    questions, rejected = asked(tmp_path, [reply()])
    assert [(question.item, question.text) for question in questions] == [
        (1, "How many ports did the Agency inspect in 2021?"),
        (2, "What do licences cost?"),
    ]
    assert rejected == {}


def test_a_gate_drops_and_counts(tmp_path: Path) -> None:
    questions, rejected = asked(tmp_path, [reply()], (NoLicences(),))
    assert len(questions) == 1
    assert rejected == {"no licences": 1}


def test_a_reply_that_is_no_json_loses_each_question_with_a_reason(tmp_path: Path) -> None:
    assert asked(tmp_path, ["Here you are."]) == ([], {"no JSON": 2})
    assert asked(tmp_path / "b", ["I am sorry, I cannot."]) == ([], {"refusal": 2})


def test_a_reply_that_was_cut_is_not_used(tmp_path: Path) -> None:
    assert asked(tmp_path, [reply()], finish_reason="length") == ([], {"cut off": 2})


def test_a_fenced_reply_is_read(tmp_path: Path) -> None:
    assert len(asked(tmp_path, [f"```json\n{reply()}\n```"])[0]) == 2


def test_a_chunk_without_facts_is_counted(tmp_path: Path) -> None:
    tools = make_tools(tmp_path, Plugs(ScriptedChat([reply()]), []))
    rows = rows_of(ask, tools, AskConfig(), in_memory("chunk", Chunk, [make_chunk("hello there")]))
    assert rows == []
    assert tools.draft.rejected == {"nothing to ask": 1}


def test_a_bad_item_does_not_cost_the_good_one(tmp_path: Path) -> None:
    questions, rejected = asked(tmp_path, [reply(sentence_1={"question": 3})])
    assert [question.item for question in questions] == [2]
    assert rejected == {"wrong shape": 1}


def test_a_question_has_its_kind(tmp_path: Path) -> None:
    assert {question.kind for question in asked(tmp_path, [reply()])[0]} == {"number"}
