from dataclasses import replace

import pytest

from raftune.contracts import Outcome
from raftune.judging.agreement import ROUNDING, agreements, cause_of, is_sound, paired
from raftune.judging.ragas_process import Theirs
from tests.judging.test_grader import CASE

FAILED, NOT_APPLICABLE = Outcome(None, "failed"), Outcome(None, "not_applicable")


def split(*counts):
    return tuple(("StatementGeneratorOutput", {"statements": ["s"] * count}) for count in counts)


def different(count):
    return ("StatementGeneratorOutput", {"statements": [f"s{number}" for number in range(count)]})


def judged(count):
    return ("NLIStatementOutput", {"statements": [{"verdict": 1}] * count})


def classified(true, false, missing):
    return ("ClassificationWithReason", {"TP": ["s"] * true, "FP": ["s"] * false, "FN": ["s"] * missing})


def asked(*flags):
    return tuple(("AnswerRelevanceOutput", {"question": "?", "noncommittal": flag}) for flag in flags)


FAITHFUL, CORRECT, RELEVANT = "faithfulness", "answer_correctness", "answer_relevancy"
EMPTY, ABSTAINING = replace(CASE, answer=" "), replace(CASE, abstains=True)
CASES = {
    "within rounding": (FAITHFUL, CASE, Outcome(0.333333), Theirs(1 / 3, "", (*split(3), judged(3))), ""),
    "both without": (FAITHFUL, CASE, FAILED, Theirs(None, "not a number"), ""),
    "empty": (CORRECT, EMPTY, Outcome(0.0), Theirs(0.75), "empty answer"),
    "abstains": (FAITHFUL, ABSTAINING, NOT_APPLICABLE, Theirs(0.0, "", (*split(1), judged(1))), "abstention"),
    "nothing shown": (FAITHFUL, replace(CASE, documents=()), NOT_APPLICABLE, Theirs(0.0), "no documents"),
    "no statements": (CORRECT, CASE, FAILED, Theirs(0.95, "", split(0, 2)), "no statements"),
    "a verdict short": (FAITHFUL, CASE, FAILED, Theirs(1.0, "", (*split(3), judged(2))), "verdicts missing"),
    "a class short": (CORRECT, CASE, FAILED, Theirs(0.9, "", (*split(3, 2), classified(1, 1, 2))), "verdicts missing"),
    "RAGAS fails": (FAITHFUL, CASE, Outcome(1.0), Theirs(None, "Field required"), "no value from RAGAS"),
    "we fail": (FAITHFUL, CASE, FAILED, Theirs(1.0, "", (*split(2), judged(2))), "no value from us"),
    "evasive to RAGAS": (RELEVANT, CASE, Outcome(0.4), Theirs(0.0, "", asked(1, 1, 1)), "evasive"),
    "other questions": (RELEVANT, CASE, Outcome(0.4), Theirs(0.5, "", asked(0, 1, 0)), "judge said otherwise"),
    "negative": (RELEVANT, CASE, Outcome(0.0), Theirs(-0.1, "", asked(0, 0, 0)), "below zero"),
    "partly negative": (
        CORRECT,
        CASE,
        Outcome(0.5),
        Theirs(0.75 * 2 / 3 - 0.25 * 0.1, "", (different(2), different(1), classified(1, 1, 0))),
        "below zero",
    ),
    "long": (FAITHFUL, CASE, Outcome(0.5), Theirs(0.4, "", (*split(41), judged(41))), "too many claims"),
    "the same claim": (FAITHFUL, CASE, Outcome(0.5), Theirs(0.4, "", (*split(5), judged(5))), "repeated claims"),
    "other claims": (FAITHFUL, CASE, Outcome(0.5), Theirs(0.4, "", (different(5), judged(5))), "judge said otherwise"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_difference_has_its_cause(name):
    metric, case, ours, theirs, cause = CASES[name]
    assert cause_of(metric, case, ours, theirs) == cause


def test_a_value_is_sound_where_every_statement_of_the_answer_was_judged():
    assert is_sound(Theirs(1.0, "", (*split(3), judged(3))))
    assert is_sound(Theirs(1.0, "", (*split(3, 4), classified(2, 1, 0))))
    assert is_sound(Theirs(0.4))
    assert not is_sound(Theirs(1.0, "", (*split(3), judged(2))))
    assert not is_sound(Theirs(1.0, "", split(0, 2)))
    assert not is_sound(Theirs(None))


def pairs_of(ours, theirs):
    outcomes = [{FAITHFUL: Outcome(value)} for value in ours]
    return paired([CASE] * len(ours), outcomes, [{FAITHFUL: Theirs(value), CORRECT: Theirs(1.0)} for value in theirs])


def test_agreements_by_hand():
    # Pearson of (1, 2, 3, 5) and (2, 1, 3, 6), in tenths: 10 / sqrt(8.75 * 14.0)
    (found,) = agreements(pairs_of((0.1, 0.2, 0.3, 0.5, 0.9), (0.2, 0.1, 0.3 + ROUNDING / 2, 0.6, None)))
    assert (found.metric, found.compared, found.agreeing) == (FAITHFUL, 4, 1)
    assert found.correlation == pytest.approx(10 / (8.75 * 14.0) ** 0.5, abs=1e-4)
    assert found.causes == {"judge said otherwise": 3, "no value from RAGAS": 1}


@pytest.mark.parametrize("ours", [(0.1, 0.2), (0.5, 0.5, 0.5)])
def test_no_correlation_of_too_few_or_of_the_same(ours):
    (found,) = agreements(pairs_of(ours, (0.1, 0.2, 0.3)[: len(ours)]))
    assert found.correlation is None
