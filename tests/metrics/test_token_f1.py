from raftune.metrics.token_f1 import plug
from tests.made_up import make_example, reply_of


def test_words_after_the_mark():
    assert plug.score(make_example(reference="30 euros"), reply_of("<ANSWER>: 30 euros a month")).value == 4 / 5
    assert plug.score(make_example(reference="30 euros"), reply_of("<ANSWER>: 30 euros per month")).value == 2 / 3


def test_no_mark_is_0_and_so_is_an_empty_reply():
    for reply in ("30 euros", "", "<ANSWER>:"):
        assert plug.score(make_example(reference="30 euros"), reply_of(reply)).value == 0


def test_korean_counts_characters():
    example = make_example(reference="금융위원회", language="ko")
    assert plug.score(example, reply_of("<ANSWER>: 금융위원회에서")).value == 10 / 12


def test_it_does_not_apply_where_abstaining_is_right():
    example = make_example(oracle=None, behaviour="abstain")
    assert plug.score(example, reply_of("<ANSWER>: x")).state == "not_applicable"
