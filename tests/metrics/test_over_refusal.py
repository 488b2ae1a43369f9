import pytest

from raftune.metrics.over_refusal import plug
from tests.made_up import UNKNOWN, make_example, reply_of


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_abstention_although_the_answer_is_there(language):
    assert plug.score(make_example(), reply_of(f"<ANSWER>: {UNKNOWN[language]}")).value == 1


def test_an_answer_is_0():
    assert plug.score(make_example(), reply_of("<ANSWER>: 30 euros")).value == 0


def test_lower_is_better_so_silence_counts_as_a_refusal():
    assert not plug.higher_is_better
    assert plug.score(make_example(), reply_of("")).value == 1


def test_it_does_not_apply_without_oracle():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("")).state == "not_applicable"
