import pytest

from raftune.metrics.choice import plug
from tests.made_up import make_example, reply_of


@pytest.mark.parametrize(
    ("reference", "language", "reply", "value"),
    [
        ("yes", "en", "<ANSWER>: Yes, since 2010.", 1),
        ("yes", "en", "<ANSWER>: **Yes**", 1),
        ("no", "en", "<ANSWER>: No: yes was never an option.", 1),
        ("maybe", "en", "It is uncertain.", 1),
        ("yes", "en", "<ANSWER>: It may be yes or no.", 0),
        ("no", "en", "<ANSWER>: Nothing is known.", 0),
        ("yes", "en", "", 0),
        ("아니요", "ko", "<ANSWER>: 아니요, 없습니다.", 1),
        ("예", "ko", "<ANSWER>: 예.", 1),
        ("예", "ko", "<ANSWER>: 예산이 줄었다.", 0),
    ],
)
def test_the_choice_an_answer_takes(reference, language, reply, value):
    assert plug.score(make_example(reference=reference, language=language), reply_of(reply)).value == value


def test_it_applies_to_closed_questions_alone():
    assert plug.score(make_example(reference="30 euros"), reply_of("<ANSWER>: yes")).state == "not_applicable"
    abstain = make_example(reference="yes", oracle=None, behaviour="abstain")
    assert plug.score(abstain, reply_of("<ANSWER>: yes")).state == "not_applicable"
