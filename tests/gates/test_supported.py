import pytest

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
