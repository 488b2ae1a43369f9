from raftune.metrics.exact_match_lenient import plug
from tests.made_up import make_example, reply_of

EXAMPLE = make_example(reference="The 30 euros")


def test_without_a_mark_the_last_line_counts():
    assert plug.score(EXAMPLE, reply_of("Let me see.\n\n30 Euros.")).value == 1
    assert plug.score(EXAMPLE, reply_of("30 euros\n\nIs there anything else?")).value == 0


def test_with_a_mark_it_is_the_strict_one():
    assert plug.score(EXAMPLE, reply_of("30 euros <ANSWER>: 31 dollars")).value == 0
    assert plug.score(EXAMPLE, reply_of("31 dollars <ANSWER>: 30 euros")).value == 1


def test_an_empty_reply_is_0():
    assert plug.score(EXAMPLE, reply_of(" ")).value == 0


def test_korean():
    assert plug.score(make_example(reference="30유로", language="ko"), reply_of("정답: 30유로")).value == 1


def test_it_does_not_apply_where_abstaining_is_right():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("x")).state == "not_applicable"
