import dataclasses

import pytest

from raftune.gates.says_more import plug
from tests.gates.candidates import candidate

QUESTION = "What is the range of values seen in the decade before the pandemic for expectations?"


@pytest.mark.parametrize(
    "final",
    [
        "within the range of values seen in the decade before the pandemic",
        "the values seen in the range before the pandemic decade",
    ],
)
def test_the_question_again_is_no_answer(final: str) -> None:
    assert plug().fault(candidate(QUESTION, final)) == "repeats its question"


@pytest.mark.parametrize(
    "final", ["from 1.9 to 2.6 percent", "1.9 percent in the decade before the pandemic", "yes", ""]
)
def test_an_answer_with_something_new_passes(final: str) -> None:
    assert plug().fault(candidate(QUESTION, final)) is None


def test_one_of_the_things_compared_may_be_named() -> None:
    asked = candidate("Is the Harbour Act of 1987 or the Ferry Act of 1990 older?", "Harbour Act of 1987")
    assert plug().fault(dataclasses.replace(asked, kind="comparison")) is None
