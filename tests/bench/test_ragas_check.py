"""The script says the same to both sides, and the rows hold what they are to hold; with RAGAS itself where slow."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest
from bench.ragas_check import (
    ENGLISH,
    FAULTS,
    KOREAN,
    Script,
    calls_of,
    compared,
    environment,
    rows,
    spoiled,
    verdicts,
)

from raftune.contracts import ChatMessage, ChatRequest
from raftune.embedders.hashed import plug as hashed
from raftune.judging.grader import GRADED, Grader
from raftune.judging.ragas_process import Theirs
from raftune.stage import Judge
from tests.made_up import FACTS

TALK = {"en": "The counter opens at nine. Forms lie there.", "ko": "창구는 아홉 시에 엽니다. 서식은 그곳에 있습니다."}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for folder in ("pubmedqa", "korean_rag"):
        (tmp_path / folder).mkdir()
    found = {
        language: [
            (text.format(n=number, m=number + 2), f"{answer.format(n=number, m=number + 2)}. {TALK[language]}", fact)
            for number in range(count)
            for text, answer, fact in [FACTS[language][number % 3]]
        ]
        for language, count in (("en", ENGLISH), ("ko", KOREAN))
    }
    english = [
        {"question": text, "long_answer": answer, "contexts": [{"text": f"{answer} {fact}"}, {"text": "Other."}]}
        for text, answer, fact in found["en"]
    ]
    korean = [
        {"question": text, "answer": answer, "gold_pages": [f"p{number}"]}
        for number, (text, answer, _) in enumerate(found["ko"])
    ]
    pages = [{"id": f"p{number}", "text": f"{answer} {fact}"} for number, (_, answer, fact) in enumerate(found["ko"])]
    for path, lines in (
        ("pubmedqa/train.jsonl", english),
        ("korean_rag/dev.jsonl", korean),
        ("korean_rag/pages.jsonl", pages),
    ):
        (tmp_path / path).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return tmp_path


def test_the_rows_hold_every_state(data: Path) -> None:
    cases, faults = rows(data)
    assert Counter(case.language for case in cases) == {"en": ENGLISH, "ko": KOREAN}
    assert sorted(faults.values()) == sorted(FAULTS)
    assert set(faults) <= {case.answer for case in cases}
    assert sum(case.abstains for case in cases) == 2
    assert sum(not case.answer for case in cases) == sum(not case.documents for case in cases) == 1


def test_our_side_fails_where_the_script_misbehaves(data: Path) -> None:
    cases, faults = rows(data)
    grader = Grader(Judge("script", Script(faults), 8), hashed(0), ("faithfulness",))

    async def graded() -> list[str]:
        return [(await grader.grade(case))["faithfulness"].state for case in cases]

    states = dict(zip((case.answer for case in cases), asyncio.run(graded()), strict=True))
    failed = {fault for answer, fault in faults.items() if states[answer] == "failed"}
    assert failed == {"no statements", "too few verdicts", "prose", "cut off"}
    assert Counter(states.values())["failed"] == len(failed)


def test_both_prompts_get_the_same_verdicts() -> None:
    claims, text = ["A is 1.", "B is 2."], "A is 1. C is 3."
    given = json.dumps({"context": text, "statements": claims})
    prompt = f"Judge.\ninput: {{}}\n\ninput: {given}\nOutput: "
    request = ChatRequest(
        model="m",
        messages=(ChatMessage(role="user", content=prompt),),
        max_tokens=1,
        reply_schema={"properties": {"statements": {}}},
    )
    theirs = json.loads(asyncio.run(Script({}).complete(request)).text)["statements"]
    ours = verdicts("statement_1: A is 1.\nstatement_2: B is 2.", text)
    assert [one["verdict"] for one in theirs] == [int(word == "yes") for word in ours.values()] == [1, 0]


@pytest.mark.parametrize("content", [{"statements": [1, 2]}, {"TP": [1], "FP": [2], "FN": []}, {"a": 1, "b": 2}])
def test_too_few_verdicts_are_one_too_few(content: dict[str, list[int]]) -> None:
    text, ending = spoiled("too few verdicts", "verdicts", content)
    assert ending == "stop"
    assert text.count("2") == 0
    assert text.count("1") == 1


def test_calls_are_counted() -> None:
    assert calls_of({"a": Theirs(1.0, "", (("A", {}), ("B", {}))), "b": Theirs(1.0)}) == 2


@pytest.mark.slow
def test_ragas_itself_agrees_wherever_its_definition_supports_its_value(data: Path) -> None:
    pairs, figures = compared(data, environment())
    assert figures["ragas_version"] == "0.4.3"
    assert figures["ragas_rows"] == 50
    assert figures["ragas_compared"] > 150
    assert figures["ragas_unexplained"] == 0
    assert figures["ragas_calls_per_answer"] == 8
    assert set(figures["ragas_sound_disagreements"]) <= {"abstention", "below zero", "repeated claims"}
    assert {"no statements", "verdicts missing", "empty answer"} <= set(figures["ragas_causes"])
    assert {pair.metric for pair in pairs if pair.theirs.value is not None} == set(GRADED)
