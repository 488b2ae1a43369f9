from hypothesis import given
from hypothesis import strategies as st

from raftune.duplicates import same
from raftune.gates.duplicate import plug
from tests.gates.candidates import candidate

WORDS = ["port", "ship", "pilot", "bridge", "agency", "licence", "harbour", "year", "2021", "2022"]


def test_the_same_question_is_dropped_the_second_time() -> None:
    gate = plug()
    assert gate.fault(candidate("How many ports did the Agency inspect?")) is None
    assert gate.fault(candidate("how many ports did the agency inspect")) == "asked before"


def test_nearly_the_same_words_are_dropped() -> None:
    gate = plug()
    assert gate.fault(candidate("How many ports did the Agency for harbours inspect?")) is None
    assert gate.fault(candidate("How many ports did the Agency for harbours really inspect?"))


def test_another_year_is_another_question() -> None:
    gate = plug()
    assert gate.fault(candidate("How many ports did the Agency for harbours inspect in 2021?")) is None
    assert gate.fault(candidate("How many ports did the Agency for harbours inspect in 2022?")) is None


def test_what_was_dropped_is_not_remembered_and_runs_are_apart() -> None:
    assert plug().fault(candidate("How many ports are there?")) is None
    assert plug().fault(candidate("How many ports are there?")) is None


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), max_size=25))
def test_nothing_that_is_kept_repeats_what_was_kept(questions: list[str]) -> None:
    gate, kept = plug(), []
    for question in questions:
        words = frozenset(question.split())
        repeated = any(same(words, earlier) for earlier in kept)
        assert (gate.fault(candidate(question)) is not None) == repeated
        if not repeated:
            kept.append(words)
