"""An item as gates see it."""

from raftune.records import Quote
from raftune.teaching.lessons import Item
from tests.teaching.manners import chunk


def test_a_candidate_has_all_that_gates_look_at() -> None:
    one = chunk("The Agency inspected 73 ports.")
    quotes = tuple(Quote(chunk=one.id, start=a, end=b, text=one.text[a:b]) for a, b in ((0, 10), (11, 20)))
    found = Item(3, "number", "How many?", "So.", "73", quotes).candidate(one, "You write questions.")
    assert (found.question, found.final, found.quote) == ("How many?", "73", "The Agency inspected")
    assert (found.passage, found.kind, found.instructions) == (one.text, "number", "You write questions.")
