import dataclasses

import pytest

from raftune.contracts import Candidate
from raftune.gates.prompt_echo import plug
from tests.gates.candidates import candidate


def test_a_clean_row_passes() -> None:
    assert plug().fault(candidate(reasoning="The Agency inspected 73 of them.", quote="It inspected 73 ports.")) is None


@pytest.mark.parametrize(
    "final",
    ["sentence_3", '"answer": "x"', "##begin_quote## x", "Answer: 9", "```json", "port pilots' licences", "정답: 9"],
)
def test_wording_of_the_prompt_is_a_fault(final: str) -> None:
    assert plug().fault(candidate(final=final, quote="Nine ships."))


def test_the_reasoning_is_looked_at_too() -> None:
    assert plug().fault(candidate(reasoning="As sentence_2 says, nine.", quote="Nine ships."))


def test_what_the_passage_says_itself_is_no_echo() -> None:
    assert plug().fault(candidate(final="sentence_3", quote="The label sentence_3 stands for a row.")) is None


TOLD = dataclasses.replace(
    candidate(quote="Nine ships entered."),
    instructions="Write in this tone: joyful and friendly. "
    "Say in full which organisation, programme and year it is about.",
)
KOREAN_TOLD = dataclasses.replace(
    candidate(quote="배 아홉 척이 들어왔다.", language="ko"),
    instructions="다음 어조로 쓰십시오: 밝고 친근한. 어느 기관, 제도, 장소, 연도에 관한 것인지 빠짐없이 밝히십시오.",
)


@pytest.mark.parametrize(
    ("told", "final"),
    [
        (TOLD, "Nine ships, said in a joyful and friendly tone"),
        (TOLD, "in full which organisation, programme and year"),
        (KOREAN_TOLD, "밝고 친근한 어조로 말하면 아홉 척"),
        (KOREAN_TOLD, "장소, 연도에 관한 것인지 빠짐없이 아홉 척"),
    ],
)
def test_runs_and_tones_of_the_instructions_are_echoes(told: Candidate, final: str) -> None:
    assert plug().fault(dataclasses.replace(told, final=final))


@pytest.mark.parametrize("final", ["nine ships in a calm manner", "in full which organisation it is", "nine"])
def test_short_runs_and_other_tones_are_none(final: str) -> None:
    assert plug().fault(dataclasses.replace(TOLD, final=final)) is None


def test_a_run_that_the_passage_holds_is_no_echo() -> None:
    passage = f"The rule: {TOLD.instructions}"
    assert plug().fault(dataclasses.replace(TOLD, final=TOLD.instructions[41:], passage=passage)) is None
