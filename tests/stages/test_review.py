"""People's decisions, folded."""

from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.errors import WaitingForReview
from raftune.records import Answer, Chunk, Decision
from raftune.stages.review import ReviewConfig, fold, review
from tests.support import make_answer, make_chunk, make_tools, rows_of

CHUNK = make_chunk("The Agency inspected 73 ports. Nine were unsafe.")
FIRST = make_answer(CHUNK, "How many ports were inspected?", "73", "The Agency inspected 73 ports.")
SECOND = make_answer(CHUNK, "How many ports were unsafe?", "Nine", "Nine were unsafe.")


def decide(answer: Answer, verdict: Any, **changes: Any) -> Decision:
    return Decision(answer=answer.id, verdict=verdict, who="ada", when="2026-11-22", **changes)


def reviewed(folder: Path, decisions: list[Decision], *, required: bool = False) -> tuple[list[Answer], dict[str, int]]:
    tools = make_tools(folder)
    inputs = (
        in_memory("answer", Answer, [FIRST, SECOND]),
        in_memory("decisions", Decision, decisions),
        in_memory("chunk", Chunk, [CHUNK]),
    )
    return rows_of(review, tools, ReviewConfig(required=required), *inputs), dict(tools.draft.rejected)


def test_without_decisions_answers_pass(tmp_path: Path) -> None:
    assert reviewed(tmp_path, []) == ([FIRST, SECOND], {})


def test_a_rejected_answer_is_left_out_and_counted(tmp_path: Path) -> None:
    assert reviewed(tmp_path, [decide(FIRST, "reject", reason="vague")]) == ([SECOND], {"rejected in review": 1})


def test_an_edit_changes_the_answer_and_names_who_did_it(tmp_path: Path) -> None:
    rows, _ = reviewed(tmp_path, [decide(FIRST, "edit", final="73 ports", quote="inspected 73 ports")])
    assert rows[0].final == "73 ports"
    assert rows[0].author == "test, edited by ada"
    quote = rows[0].quotes[0]
    assert CHUNK.text[quote.start : quote.end] == quote.text == "inspected 73 ports"
    assert rows[0].id != FIRST.id


def test_an_edited_quote_that_is_not_in_the_document_is_refused(tmp_path: Path) -> None:
    rows, rejected = reviewed(tmp_path, [decide(FIRST, "edit", quote="inspected 74 ports")])
    assert rows == [SECOND]
    assert rejected == {"edited quote is not in the document": 1}


def test_an_edit_keeps_what_is_known_of_the_answer(tmp_path: Path) -> None:
    quotes = ("inspected  73 ports.", "Nine were unsafe.")
    rows, _ = reviewed(tmp_path, [decide(FIRST, "edit", quotes=quotes)])
    assert [quote.text for quote in rows[0].quotes] == ["inspected 73 ports.", "Nine were unsafe."]
    assert all(CHUNK.text[quote.start : quote.end] == quote.text for quote in rows[0].quotes)
    assert (rows[0].kind, rows[0].question, rows[0].language) == (FIRST.kind, FIRST.question, FIRST.language)


def test_a_decision_about_an_answer_that_is_no_more_does_nothing(tmp_path: Path) -> None:
    gone = make_answer(CHUNK, "What was asked before?", "73")
    assert reviewed(tmp_path, [decide(gone, "reject")]) == ([FIRST, SECOND], {})


def test_the_last_decision_holds_and_undo_takes_it_back(tmp_path: Path) -> None:
    decisions = [decide(FIRST, "reject"), decide(SECOND, "reject"), decide(FIRST, "accept"), decide(SECOND, "undo")]
    assert reviewed(tmp_path, decisions) == ([FIRST, SECOND], {})
    assert set(fold(decisions)) == {FIRST.id}


def test_required_review_stops_politely(tmp_path: Path) -> None:
    with pytest.raises(WaitingForReview, match="1 of 2 answers wait"):
        reviewed(tmp_path, [decide(FIRST, "accept")], required=True)


def test_praised_replies_are_added_where_that_is_wanted(tmp_path: Path) -> None:
    told = {"text": "Who pays?", "final": "The ship.", "quotes": (FIRST.quotes[0].text,), "chunk": FIRST.chunk}
    opinions = [
        Decision(answer="c1", verdict="up", who="ada", when="2026-11-22", **told),
        Decision(answer="c2", verdict="up", who="ada", when="2026-11-22", text="What?", final="That."),
    ]
    held = in_memory("decisions", Decision, opinions)
    for keep, count in ((False, 0), (True, 1)):
        tools = make_tools(tmp_path / str(keep))
        config = ReviewConfig(keep_chat=keep)
        rows = rows_of(
            review, tools, config, in_memory("verify", Answer, [FIRST]), held, in_memory("chunk", Chunk, [CHUNK])
        )
        assert len(rows) == 1 + count
        assert tools.draft.rejected["reply without a quote of a passage"] == count
