"""Rows to decide in, and decisions from them."""

from collections.abc import Iterable
from typing import Any

import pytest

from raftune.records import Decision
from raftune.reviewing.rows import Imported, Reviewed, decisions_of, review_rows, reviewed
from tests.support import make_answer, make_chunk

CHUNK = make_chunk("The Agency inspected 73 ports. Nine were unsafe.")
ANSWERS = [
    make_answer(CHUNK, "How many ports were inspected?", "73", "The Agency inspected 73 ports."),
    make_answer(CHUNK, "How many were unsafe?", "Nine", "Nine were unsafe."),
]
FIRST, SECOND = (answer.id for answer in ANSWERS)


def decide(answer: str, verdict: Any, who: str = "ada", **changes: Any) -> Decision:
    return Decision(answer=answer, verdict=verdict, who=who, when="2026-11-22", **changes)


def known(*decisions: Decision) -> Reviewed:
    return reviewed(ANSWERS, [CHUNK], decisions)


def taken(rows: Iterable[dict[str, str]], *decisions: Decision, who: str = "ada") -> Imported:
    return decisions_of(enumerate(rows, 2), known(*decisions), who, "2026-11-23")


def row(answer: str = FIRST, **cells: str) -> dict[str, str]:
    """A row as exported before any decision, with cells filled in."""
    return {**next(one for one in review_rows(known()) if one["id"] == answer), **cells}


def test_a_row_tells_what_a_reviewer_needs() -> None:
    first = next(review_rows(known()))
    assert {
        key: first[key] for key in ("id", "question", "answer", "quotes", "document", "pages", "kind", "verdict")
    } == {
        "id": FIRST,
        "question": "How many ports were inspected?",
        "answer": "73",
        "quotes": "The Agency inspected 73 ports.",
        "document": "d.md",
        "pages": "1",
        "kind": "fact",
        "verdict": "",
    }
    assert first["passage"] == CHUNK.text


def test_decided_rows_show_the_decision_and_can_be_left_out() -> None:
    edit = decide(FIRST, "edit", final="73 ports", quote="73 ports")
    first = next(review_rows(known(edit)))
    assert (first["verdict"], first["edited_answer"], first["edited_quotes"]) == ("edit", "73 ports", "73 ports")
    assert [one["id"] for one in review_rows(known(edit), undecided=True)] == [SECOND]
    assert len(list(review_rows(known(edit, decide(FIRST, "undo")), undecided=True))) == 2


def test_filled_in_rows_become_decisions() -> None:
    found = taken([row(verdict="Edit ", edited_quotes="73 ports\nNine were unsafe.", reason="더 짧게"), row(SECOND)])
    assert found == Imported(
        (decide(FIRST, "edit", reason="더 짧게", quotes=("73 ports", "Nine were unsafe.")).changed(when="2026-11-23"),),
        0,
        1,
        (),
    )


def test_a_file_imported_twice_adds_nothing_whatever_came_between() -> None:
    rows = [row(verdict="accept"), row(SECOND, verdict="reject", reason="vague")]
    once = taken(rows).decisions
    assert len(once) == 2
    again = taken(rows, *once)
    assert (again.decisions, again.known) == ((), 2)
    assert taken(rows, *once, decide(FIRST, "reject", "ben")).decisions == ()


def test_a_row_nobody_changed_does_not_undo_what_others_decided_since() -> None:
    before = decide(FIRST, "reject", "ben")
    rows = list(review_rows(known(before)))
    since = decide(FIRST, "accept", "ben")
    assert taken(rows, before, since).decisions == ()
    changed = {**rows[0], "verdict": "accept"}
    assert len(taken([changed], before).decisions) == 1


def test_a_reviewer_may_return_to_an_earlier_mind() -> None:
    log = [decide(FIRST, "accept"), decide(FIRST, "reject")]
    exported = next(review_rows(known(*log)))
    assert len(taken([{**exported, "verdict": "accept"}], *log).decisions) == 1
    by_hand = {"id": FIRST, "verdict": "accept"}
    assert len(taken([by_hand], *log).decisions) == 1
    assert taken([by_hand], *log[:1]).known == 1


def test_undo_takes_back_what_there_is() -> None:
    assert taken([row(verdict="undo")]).known == 1
    held = decide(FIRST, "accept")
    exported = next(review_rows(known(held)))
    found = taken([{**exported, "verdict": "undo"}], held)
    assert [one.verdict for one in found.decisions] == ["undo"]
    assert taken([{**exported, "verdict": "undo"}], held, *found.decisions).decisions == ()


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"id": "nobody"}, "there is no answer 'nobody'"),
        ({"verdict": "maybe"}, "the verdict 'maybe' is none of accept, edit, reject, undo"),
        ({"verdict": "accept", "answer": "74"}, "the column answer was changed"),
        ({"verdict": "edit"}, "no column edited_... is filled in"),
        ({"verdict": "accept", "edited_answer": "74"}, "edited_answer is filled in, but the verdict is not edit"),
        ({"edited_answer": "74"}, "edited_answer is filled in, but the verdict is not edit"),
        ({"verdict": "edit", "edited_quotes": "74 ports"}, "the edited quote is not in the passage: '74 ports'"),
        ({"colour": "red"}, "there is no column 'colour'"),
    ],
)
def test_rows_that_cannot_be_taken_are_named_by_line(cells: dict[str, str], fault: str) -> None:
    found = taken([row(SECOND, verdict="accept"), {**row(), **cells}])
    assert len(found.decisions) == 1
    assert [line for line, _ in found.faults] == [3]
    assert fault in found.faults[0][1]


def test_an_answer_twice_in_a_file_is_a_fault() -> None:
    found = taken([row(verdict="accept"), row(verdict="reject")])
    assert (len(found.decisions), found.faults) == (1, ((3, f"{FIRST} stands in the file twice"),))
