import pytest

from raftune.report_records import Difference
from raftune.verdict import HEADLINE, finding, overall, points, verdict, warnings, words


def make_difference(metric, value, low, high, **changes):
    return Difference(metric=metric, value=value, low=low, high=high, n=36, clusters=15, detectable=0.2, **changes)


BETTER, WORSE, NONE = (0.3, 0.1, 0.5), (-0.3, -0.5, -0.1), (0.02, -0.1, 0.14)


def judge(quotes, answers, language="en"):
    differences = {
        metric: make_difference(metric, *numbers) for metric, numbers in zip(HEADLINE, (quotes, answers), strict=True)
    }
    return verdict(differences, 45, 15, language)


@pytest.mark.parametrize(
    ("quotes", "answers", "helped", "start"),
    [
        (BETTER, BETTER, True, "The tuned model is better"),
        (WORSE, WORSE, False, "The tuned model is worse"),
        (WORSE, NONE, False, "The tuned model is worse"),
        (BETTER, NONE, None, "The result is mixed"),
        (BETTER, WORSE, None, "The result is mixed"),
        (NONE, NONE, None, "No difference"),
    ],
)
def test_the_verdict_follows_both_intervals(quotes, answers, helped, start):
    found, sentence = judge(quotes, answers)
    assert found is helped
    assert sentence.startswith(start)
    assert "45 test questions in 15 groups" in sentence
    assert "{" not in sentence


def test_an_interval_that_touches_0_shows_nothing():
    assert finding(make_difference("m", 0.1, 0.0, 0.2)) == "none"
    assert finding(make_difference("m", -0.1, -0.2, 0.0)) == "none"


def test_lower_is_better_turns_the_finding_round():
    assert finding(make_difference("m", *WORSE, higher_is_better=False)) == "better"


def test_no_interval_no_verdict():
    assert finding(None) == "unknown"
    assert overall(["better", "unknown"]) == "unknown"
    assert judge(BETTER, (0.3, None, None))[0] is None
    assert "cannot be said" in verdict({}, 3, 1, "en")[1]


def test_the_numbers_stand_in_the_sentence():
    sentence = judge(BETTER, NONE)[1].replace("\u00a0", " ")
    assert "30.0 points more often (95 % interval +10.0 to +50.0, n = 36)" in sentence
    assert "differs by +2.0 points" in sentence
    assert "20.0 points could have been seen" in sentence


def test_korean_says_the_same():
    found, sentence = judge(BETTER, WORSE, "ko")
    assert found is None
    assert sentence.startswith("결과가 엇갈립니다.")
    assert "30.0점" in sentence


def test_both_languages_have_the_same_words():
    assert shape(words("en")) == shape(words("ko"))


def shape(texts):
    return {key: shape(value) if isinstance(value, dict) else None for key, value in texts.items()}


def test_points():
    assert points(0.5234, signed=True) == "+52.3"
    assert points(-0.05, signed=True) == "−5.0"
    assert points(-0.0004, signed=True) == "0.0"
    assert points(1.0) == "100.0"
    assert points(None) == "–"


def test_warnings_only_where_they_hold():
    assert warnings(200, 50, 0.0, 0, "en") == ()
    assert len(warnings(199, 9, 0.06, 1, "ko")) == 4
