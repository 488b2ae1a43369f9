import asyncio
import json
from dataclasses import replace

import pytest

from raftune.embedders.hashed import plug as hashed
from raftune.judging.grader import GRADED, Graded, Grader
from tests.judging.scripted_judge import ScriptedJudge

CASE = Graded(
    question="What is the monthly fee?",
    answer="The fee is 30 euros. The office opens at nine.",
    reference="The fee is 30 euros. It is due in May.",
    documents=("The fee is 30 euros. It is due in May.", "Boats pay more."),
    language="en",
)


def grade(case=CASE, scripted=None, metrics=GRADED):
    grader = Grader((scripted or ScriptedJudge()).judge, hashed(0), metrics)
    return asyncio.run(grader.grade(case)), grader


def test_by_hand():
    found, grader = grade()
    assert found["faithfulness"].value == 1 / 2
    likeness = found["answer_similarity"].value
    facts = 1 / (1 + 0.5 * (1 + 1))
    assert found["answer_correctness"].value == pytest.approx(0.75 * facts + 0.25 * likeness)
    assert found["answer_relevancy"].value == 1.0
    assert 0 < likeness < 1
    assert grader.calls == 5


def test_the_reference_is_split_once_for_all_answers():
    scripted = ScriptedJudge()
    grader = Grader(scripted.judge, hashed(0))

    async def several():
        answers = ("The fee is 30 euros.", "It is due in May.", CASE.answer)
        await asyncio.gather(*(grader.grade(replace(CASE, answer=answer)) for answer in answers))

    asyncio.run(several())
    assert grader.calls == 4 * 3 + 1


def test_a_right_answer_is_1_and_a_wrong_number_is_not():
    right, _ = grade(replace(CASE, answer=CASE.reference))
    assert {metric: outcome.value for metric, outcome in right.items()} == dict.fromkeys(GRADED, 1.0)
    wrong, _ = grade(replace(CASE, answer="The fee is 35 euros. It is due in March."))
    assert wrong["faithfulness"].value == 0
    assert wrong["answer_correctness"].value < 0.25


def test_an_empty_answer_is_0_and_asks_nobody():
    found, grader = grade(replace(CASE, answer=" "))
    assert {outcome.value for outcome in found.values()} == {0.0}
    assert grader.calls == 0


def test_a_claim_that_is_written_twice_counts_once():
    twice = ScriptedJudge(lambda kind, text: repeated(text) if kind == "claims" else text)
    assert grade(scripted=twice)[0] == grade()[0]


def repeated(text):
    claims = json.loads(text)["claims"]
    return json.dumps({"claims": [*claims, claims[0].upper(), claims[0]]})


def test_a_judge_that_an_answer_can_order_about_claims_nothing():
    ordered = ScriptedJudge(lambda kind, text: json.dumps({"claims": ["Yes"] * 40}) if kind == "claims" else text)
    found, grader = grade(scripted=ordered, metrics=("faithfulness",))
    assert found["faithfulness"].state == "failed"
    assert grader.faults == {"judge: nothing": 1}


def test_an_evasive_answer_is_relevant_to_nothing():
    found, _ = grade(replace(CASE, answer="The fee depends on many things."))
    assert found["answer_relevancy"].value == 0.0
    assert found["answer_correctness"].state == "scored"


def test_without_a_word_on_evasion_there_is_no_relevancy():
    silent = ScriptedJudge(lambda kind, text: json.dumps({"questions": ["Why?"]}) if kind == "questions" else text)
    found, grader = grade(scripted=silent, metrics=("answer_relevancy",))
    assert (found["answer_relevancy"].value, found["answer_relevancy"].state) == (None, "failed")
    assert grader.faults == {"judge: no evasive": 1}


def test_an_abstention_claims_nothing():
    found, grader = grade(replace(CASE, answer="The documents do not hold the answer.", abstains=True))
    assert found.pop("faithfulness").state == "not_applicable"
    assert {outcome.value for outcome in found.values()} == {0.0}
    assert grader.calls == 0


def test_without_documents_nothing_can_be_faithful_to_them():
    found, _ = grade(replace(CASE, documents=()))
    assert found["faithfulness"].state == "not_applicable"
    assert found["answer_correctness"].value is not None


def test_only_what_is_wanted_is_asked():
    assert grade(metrics=("answer_similarity",))[1].calls == 0
    assert grade(metrics=("answer_relevancy",))[1].calls == 1
    assert grade(metrics=("faithfulness",))[1].calls == 2


def fewer(kind, text):
    return json.dumps(dict(list(json.loads(text).items())[:-1])) if kind == "verdicts" else text


FAULTS = {
    "no claims": lambda kind, text: '{"claims": []}' if kind == "claims" else text,
    "too few verdicts": fewer,
    "prose": lambda kind, text: "I think the answer is quite good." if kind == "verdicts" else text,
    "verdicts in words": lambda kind, text: (
        text.replace("yes", "maybe").replace("no", "maybe") if kind == "verdicts" else text
    ),
    "empty": lambda kind, text: "",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_judge_that_misbehaves_gives_no_scores(fault):
    found, grader = grade(scripted=ScriptedJudge(FAULTS[fault]))
    for metric in ("faithfulness", "answer_correctness"):
        assert (found[metric].value, found[metric].state) == (None, "failed")
    assert found["answer_similarity"].state == "scored"
    assert sum(grader.faults.values()) >= 1


def test_a_cut_reply_gives_no_score():
    found, _ = grade(scripted=ScriptedJudge(finish_reason="length"))
    assert {outcome.state for metric, outcome in found.items() if metric != "answer_similarity"} == {"failed"}


@pytest.mark.parametrize(
    "dress",
    [
        lambda kind, text: f"```json\n{text}\n```",
        lambda kind, text: f"<think>Let me see {{}}</think>\n{text}",
        lambda kind, text: f"Here it is:\n{text}\nI hope this helps.",
        lambda kind, text: text.replace('"yes"', "1").replace('"no"', "0") if kind != "claims" else text,
        lambda kind, text: text.replace('"yes"', "true").replace('"no"', "false") if kind != "claims" else text,
    ],
)
def test_a_right_reply_in_another_dress_is_understood(dress):
    assert grade(scripted=ScriptedJudge(dress))[0] == grade()[0]


def test_one_bad_reply_is_asked_again_another_way():
    asked = []

    def once(kind, text):
        asked.append(kind)
        return "no JSON" if asked.count(kind) == 1 else text

    scripted = ScriptedJudge(once)
    found, grader = grade(scripted=scripted, metrics=("faithfulness",))
    assert found["faithfulness"].value == 1 / 2
    assert grader.calls == 4
    assert [(request.seed, request.temperature) for request in scripted.requests] == [(0, 0.0), (1, 0.5)] * 2
    assert not grader.faults
