import dataclasses
from typing import Any

import pytest

from raftune.contracts import Candidate
from raftune.gates.supported import plug
from tests.gates.candidates import candidate

KOREAN = "2021년에 공단은 항만 73곳을 점검하였으며, 스왑은 350MB만큼 작아도 된다."


@pytest.mark.parametrize("final", ["73 ports", "nine", "73 ports were inspected by the Agency", "inspects 73 ports"])
def test_the_quote_s_own_words_pass(final: str) -> None:
    assert plug().fault(candidate(final=final)) is None


@pytest.mark.parametrize("final", ["74 ports", "730 ports", "bridges and tunnels", "7"])
def test_other_numbers_and_words_do_not(final: str) -> None:
    assert plug().fault(candidate(final=final))


def test_commas_inside_numbers_do_not_matter() -> None:
    assert plug().fault(candidate(final="2894 inspections", quote="It made 2,894 inspections.")) is None


@pytest.mark.parametrize("final", ["73곳", "항만 73곳", "350MB", "공단이 점검"])
def test_korean_by_bigrams(final: str) -> None:
    assert plug().fault(candidate(final=final, quote=KOREAN, language="ko")) is None


@pytest.mark.parametrize("final", ["교량 73곳과 터널", "74곳"])
def test_korean_that_is_not_there(final: str) -> None:
    assert plug().fault(candidate(final=final, quote=KOREAN, language="ko"))


TABLE = """| port | 2020 | 2021 |
| --- | --- | --- |
| Busan | 40 | 50 |
| Mokpo | 12 | 15 |"""


def row(final: str, kind: Any, *quotes: str, question: str = "How did Busan change?") -> Candidate:
    return Candidate(question, final, "", quotes, TABLE, "en", kind)


def test_the_header_of_a_table_may_be_used() -> None:
    assert plug().fault(row("50 in 2021, for the port of Busan", "table", "| Busan | 40 | 50 |")) is None
    assert plug().fault(row("50 in 2022", "table", "| Busan | 40 | 50 |"))
    assert plug().fault(row("15 in 2021", "table", "| Busan | 40 | 50 |"))


@pytest.mark.parametrize("final", ["10", "25 percent higher", "higher", "increased by 10", "20% lower"])
def test_a_comparison_follows_from_two_figures(final: str) -> None:
    quotes = "| Busan | 40 |", "| Busan | 50 | percent"
    assert plug().fault(row(final, "comparison", *quotes)) is None
    assert plug().fault(row("11", "comparison", *quotes))
    assert plug().fault(row("10", "number", *quotes))


def test_all_quotes_count_and_a_figure_of_the_question_may_be_said_again() -> None:
    assert plug().fault(row("50 in 2021", "fact", "Busan had 50.", question="How many in 2021?")) is None
    assert plug().fault(row("2021", "fact", "Busan had 50.", question="How many in 2021?"))
    assert plug().fault(row("40 and 50", "fact", "Busan had 40.", "Then 50.")) is None
    assert plug().fault(row("3 members", "fact", "It has three members.")) is None


def test_a_call_stands_in_the_passage() -> None:
    call = Candidate("Load a model.", "hub.load('x')", "", (), "Use hub.load('x').", "en", "call")
    assert plug().fault(call) is None
    assert plug().fault(dataclasses.replace(call, final="hub.load('y')"))
