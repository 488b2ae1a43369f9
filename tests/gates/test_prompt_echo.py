import pytest

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
