"""The decision that holds, and answers with changes."""

import unicodedata
from typing import Any

from raftune.records import Answer, Decision
from raftune.reviewing.folding import Tally, edit, fold, tally
from tests.support import make_answer, make_chunk

CHUNK = make_chunk("The Agency inspected 73 ports.\nNine were “unsafe”. 위원은 9명 이내로 한다.")
FIRST = make_answer(CHUNK, "How many ports were inspected?", "73", "The Agency inspected 73 ports.")
SECOND = make_answer(CHUNK, "How many were unsafe?", "Nine", "Nine were “unsafe”.")


def decide(answer: str, verdict: Any, who: str = "ada", **changes: Any) -> Decision:
    return Decision(answer=answer, verdict=verdict, who=who, when="2026-11-22", **changes)


def test_of_two_reviewers_the_last_holds() -> None:
    decisions = [decide("a", "accept", "ada"), decide("a", "reject", "ben"), decide("b", "reject"), decide("b", "undo")]
    assert fold(decisions) == {"a": decisions[1]}


def test_decisions_about_answers_that_are_no_more_are_counted() -> None:
    decisions = [
        decide(FIRST.id, "accept"),
        decide("gone", "reject"),
        decide("undone", "edit"),
        decide("undone", "undo"),
    ]
    assert tally([FIRST, SECOND], decisions) == Tally(1, 0, 0, 1, 1)


def test_every_edited_quote_is_located() -> None:
    wanted = ("The Agency  inspected 73 ports. Nine", 'Nine were "unsafe".', "위원은 9명 이내로 한다.")
    edited = edit(FIRST, decide(FIRST.id, "edit", quotes=wanted), CHUNK)
    assert isinstance(edited, Answer)
    assert [CHUNK.text[quote.start : quote.end] for quote in edited.quotes] == [quote.text for quote in edited.quotes]
    assert [quote.text for quote in edited.quotes][1:] == ["Nine were “unsafe”.", "위원은 9명 이내로 한다."]


def test_a_quote_that_stands_nowhere_is_named() -> None:
    assert edit(FIRST, decide(FIRST.id, "edit", quotes=("73 ports", "74 ports")), CHUNK) == "74 ports"
    assert edit(FIRST, decide(FIRST.id, "edit", quotes=()), CHUNK) == ""
    assert edit(FIRST, decide(FIRST.id, "edit", quote=""), CHUNK) == ""


def test_what_is_not_edited_stays() -> None:
    flagged = FIRST.changed(kind="number", flags=("closed book",))
    edited = edit(flagged, decide(flagged.id, "edit", final="73 ports"), CHUNK)
    assert isinstance(edited, Answer)
    assert edited == flagged.changed(final="73 ports", author="test, edited by ada")


def test_korean_typed_on_a_mac_is_found() -> None:
    typed = unicodedata.normalize("NFD", "위원은 9명 이내로 한다.")
    edited = edit(FIRST, decide(FIRST.id, "edit", quotes=(typed,)), CHUNK)
    assert isinstance(edited, Answer)
    assert edited.quotes[0].text == "위원은 9명 이내로 한다."
