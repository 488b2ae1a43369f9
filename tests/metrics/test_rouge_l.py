from raftune.metrics.rouge_l import plug
from tests.made_up import make_example, reply_of


def test_the_lenient_answer_is_compared():
    example = make_example(reference="the cat is on the mat")
    assert plug.score(example, reply_of("<ANSWER>: the cat sat on the mat")).value == 0.75
    assert plug.score(example, reply_of("The answer is: the cat sat on the mat")).value == 0.75
    assert plug.score(example, reply_of("")).value == 0


def test_it_does_not_apply_where_abstaining_is_right():
    example = make_example(oracle=None, behaviour="abstain")
    assert plug.score(example, reply_of("<ANSWER>: x")).state == "not_applicable"
