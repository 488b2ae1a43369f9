"""Gates as checks."""

import pytest

from raftune.auditing.gated import GATED, GateCheck
from tests.checks.audit_rows import audit_row


@pytest.mark.parametrize("name", GATED)
def test_a_good_row_passes(name: str) -> None:
    check = GateCheck(name)
    assert check.applies(audit_row())
    assert check.fault(audit_row()) is None


def test_faults_are_told_with_their_text() -> None:
    fault = GateCheck("question_complete").fault(audit_row(question="What does the"))
    assert "What does the" in (fault or "")
    assert GateCheck("answer_supported").fault(audit_row(final="50 crowns")) is not None


def test_refusals_and_calls_are_judged_by_other_rules() -> None:
    assert not GateCheck("answer_supported").applies(audit_row(final="The documents do not hold the answer."))
    assert not GateCheck("question_complete").applies(audit_row(call=True))
    assert not GateCheck("answer_finished").applies(audit_row(final=None))
