"""The decision that holds, and answers with changes."""

import unicodedata
from typing import Any

from raftune.records import Answer, Decision
from raftune.reviewing.folding import Tally, edit, fold, from_chat, praised, standing, tally
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


def test_undo_takes_back_one_decision_and_the_one_before_it_holds_again() -> None:
    history = [decide("a", "accept", "ada"), decide("a", "reject", "ben"), decide("a", "undo", "ben")]
    assert fold(history) == {"a": history[0]}
    assert standing([*history, decide("a", "undo")]) == []
    assert standing([decide("a", "undo"), *history]) == [history[0]]


def test_remarks_decide_nothing() -> None:
    history = [
        decide("a", "flag"),
        decide("a", "accept"),
        decide("a", "unflag"),
        decide("b", "up"),
        decide("c", "down"),
    ]
    assert fold(history) == {"a": history[1]}


def test_a_praised_reply_that_quotes_a_passage_becomes_an_answer() -> None:
    told: dict[str, Any] = {"text": "How many ports?", "final": "73", "chunk": CHUNK.id}
    good = decide("c1", "up", "ben", quotes=("inspected 73 ports.",), **told)
    made = from_chat(good, CHUNK)
    assert isinstance(made, Answer)
    assert (made.text, made.final, made.author) == ("How many ports?", "73", "chat, kept by ben")
    assert CHUNK.text[made.quotes[0].start : made.quotes[0].end] == "inspected 73 ports."
    assert from_chat(good, None) == "reply without a quote of a passage"
    assert from_chat(good.changed(quotes=("74 ports",)), CHUNK) == "quote of the reply is not in its passage"
    assert praised([good, decide("c1", "down"), decide("c2", "up")]) == [decide("c2", "up")]
