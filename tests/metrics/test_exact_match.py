from raftune.metrics.exact_match import plug
from tests.made_up import make_example, reply_of

EXAMPLE = make_example(reference="30 euros")


def test_only_the_text_after_the_mark_counts():
    assert plug.score(EXAMPLE, reply_of("so <ANSWER>: The 30 Euros.")).value == 1
    assert plug.score(EXAMPLE, reply_of("<ANSWER>: 30 euros a month")).value == 0
    assert plug.score(EXAMPLE, reply_of("30 euros")).value == 0


def test_an_empty_reply_is_0():
    assert plug.score(EXAMPLE, reply_of("")).value == 0
    assert plug.score(make_example(reference="the"), reply_of("")).value == 0


def test_korean():
    example = make_example(reference="연 3.5%", language="ko")
    assert plug.score(example, reply_of("<ANSWER>: 연 3.5%")).value == 1
    assert plug.score(example, reply_of("<ANSWER>: 연 35%")).value == 0


def test_it_does_not_apply_where_abstaining_is_right():
    outcome = plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("<ANSWER>: 30 euros"))
    assert (outcome.value, outcome.state) == (None, "not_applicable")


def test_it_applies_to_answers_from_memory():
    assert plug.score(make_example(oracle=None, behaviour="memorise"), reply_of("<ANSWER>: 30 euros")).value == 1
