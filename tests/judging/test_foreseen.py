"""What is foreseen is what is asked."""

import asyncio

from raftune.judging.foreseen import Nowhere, foreseen, foreseen_planted
from raftune.judging.grader import GRADED, Graded, Grader
from raftune.judging.planted import check_judge
from tests.judging.scripted_judge import ScriptedJudge

CASES = [
    Graded(f"What is fee {number}?", f"It is {number}0 coins. Ask Ada.", f"{number}0 coins.", ("The text.",), language)
    for number in (1, 2, 3, 4)
    for language in ("en", "ko")
]


def asked(work):
    judge = ScriptedJudge()

    async def working():
        grader = Grader(judge.judge, Nowhere(), GRADED)
        await work(grader)

    asyncio.run(working())
    return judge.requests


def test_the_requests_are_those_of_an_honest_judge():
    async def grading(grader):
        for case in CASES:
            await grader.grade(case)

    keys = [request.key for request in asked(grading)]
    assert [request.key for request in asyncio.run(foreseen(CASES, "scripted", GRADED))] == keys
    assert len(keys) == 4 * len(CASES) + len({case.question for case in CASES})


def test_planted_answers_are_foreseen_for_each_language():
    async def trying(grader):
        await check_judge(grader, CASES[::2], 7)

    english = [request.key for request in asked(trying)]
    found = [request.key for request in asyncio.run(foreseen_planted(CASES, "scripted", GRADED, 7))]
    assert found[: len(english)] == english
    assert len(found) == 2 * len(english)
