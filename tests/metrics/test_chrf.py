from raftune.metrics.chrf import plug
from tests.made_up import make_example, reply_of


def test_the_lenient_answer_is_compared():
    example = make_example(reference="금리는", language="ko")
    assert round(plug.score(example, reply_of("<ANSWER>: 금리")).value, 4) == 0.6364
    assert plug.score(example, reply_of("금리는")).value == 1
    assert plug.score(example, reply_of("")).value == 0


def test_it_does_not_apply_where_abstaining_is_right():
    example = make_example(oracle=None, behaviour="abstain")
    assert plug.score(example, reply_of("<ANSWER>: x")).state == "not_applicable"
