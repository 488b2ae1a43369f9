from raftune.gates.personal_data import plug
from tests.gates.candidates import candidate

PASSAGE = "문의는 (02) 2100-2950 또는 help@bank.co.kr로 한다."


def test_what_the_passage_shows_passes_with_other_separators() -> None:
    gate = plug()
    assert gate.fault(candidate()) is None
    assert gate.fault(candidate("문의 전화는 몇 번입니까?", "02-2100-2950", PASSAGE, language="ko")) is None


def test_invented_data_is_named_by_kind_only() -> None:
    fault = plug().fault(candidate("담당자의 전화는 몇 번입니까?", "010-1234-5678", PASSAGE, language="ko"))
    assert fault == "personal data that is not in the passage (phone)"
    assert plug().fault(candidate(reasoning="Ask kim@bank.co.kr.")) is not None
    assert plug().fault(candidate("Who has SSN 219-09-9999 at the bank?", "the manager", PASSAGE)) is not None


def test_what_is_masked_is_not_asked_about() -> None:
    masked = "The manager's phone is ███-████-████ and the office opens at nine."
    gate = plug()
    assert gate.fault(candidate("What is the phone number?", "███-████-████", masked)) == "masked personal data"
    assert gate.fault(candidate("When does the office open?", "at nine", masked)) is None
