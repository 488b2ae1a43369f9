import asyncio
import json
from dataclasses import replace

from raftune.embedders.hashed import plug as hashed
from raftune.judging.grader import Graded, Grader
from raftune.judging.planted import check_judge, wrong_answer
from tests.judging.scripted_judge import ScriptedJudge

CASES = [
    Graded(f"What is the fee of class {number}?", "", f"The fee of class {number} is {number}0 euros.", ("x",), "en")
    for number in range(1, 6)
]


def checks(change=lambda kind, text: text):
    return asyncio.run(check_judge(Grader(ScriptedJudge(change).judge, hashed(0)), CASES, 0))


def test_a_good_judge_passes_all():
    found = checks()
    assert len(found) == 9
    assert {check.kind for check in found} == {"perfect", "wrong", "injected"}
    assert all(check.right for check in found), found


def test_only_what_is_looked_at_is_asked():
    scripted = ScriptedJudge()
    asyncio.run(check_judge(Grader(scripted.judge, hashed(0)), CASES, 0))
    assert len(scripted.requests) == 9 * 2 + 3  # claims and verdicts of each, claims of each reference once


def test_a_judge_that_always_says_yes_is_found_out():
    found = checks(lambda kind, text: text.replace('"no"', '"yes"') if kind == "verdicts" else text)
    assert {check.kind for check in found if not check.right} == {"wrong", "injected"}


def test_a_judge_that_always_says_no_or_nothing_is_found_out():
    for change in (
        lambda kind, text: text.replace('"yes"', '"no"') if kind == "verdicts" else text,
        lambda kind, text: "",
    ):
        assert all(not check.right for check in checks(change) if check.kind == "perfect")
    assert not any(check.right for check in checks(lambda kind, text: json.dumps({})))


def test_a_wrong_answer_changes_a_number_or_takes_another_reference():
    assert wrong_answer(CASES[0], CASES, 0) == "The fee of class 5 is 10 euros."
    words = [replace(case, reference=text) for case, text in zip(CASES, ("the board", "the mayor"), strict=False)]
    assert wrong_answer(words[0], words, 0) == "the mayor"
    assert wrong_answer(words[0], words[:1], 0) == ""
