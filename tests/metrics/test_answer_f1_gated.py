from raftune.metrics.answer_f1_gated import plug
from tests.made_up import make_example, reply_of


def test_a_wrong_number_is_0_however_much_else_agrees():
    example = make_example(reference="기준금리 3.5 %", language="ko")
    assert plug.score(example, reply_of("<ANSWER>: 기준금리 3.50퍼센트")).value > 0.5
    assert plug.score(example, reply_of("<ANSWER>: 기준금리 35 %")).value == 0
    assert plug.score(example, reply_of("<ANSWER>: 기준금리 3.5 %p")).value == 0
    assert plug.score(example, reply_of("")).value == 0


def test_without_numbers_it_is_the_lenient_f1():
    assert plug.score(make_example(reference="the board"), reply_of("<ANSWER>: the old board")).value == 2 / 3


def test_it_does_not_apply_where_abstaining_is_right():
    example = make_example(oracle=None, behaviour="abstain")
    assert plug.score(example, reply_of("<ANSWER>: x")).state == "not_applicable"
