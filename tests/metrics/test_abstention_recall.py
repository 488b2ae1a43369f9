import pytest

from raftune.metrics.abstention_recall import plug
from tests.made_up import UNKNOWN, make_example, reply_of

ABSENT = make_example(oracle=None, behaviour="abstain")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_abstention_taught(language):
    assert plug.score(ABSENT, reply_of(f"<ANSWER>: {UNKNOWN[language]}")).value == 1


def test_the_same_in_other_words_and_without_mark():
    assert plug.score(ABSENT, reply_of("I read them all.\nThe documents do not mention any fee.")).value == 1


def test_an_answer_is_0_and_so_is_silence():
    assert plug.score(ABSENT, reply_of("<ANSWER>: 30 euros")).value == 0
    assert plug.score(ABSENT, reply_of("")).value == 0


def test_it_applies_only_where_abstaining_is_right():
    assert plug.score(make_example(), reply_of("")).state == "not_applicable"
    assert plug.score(make_example(oracle=None, behaviour="memorise"), reply_of("")).state == "not_applicable"
