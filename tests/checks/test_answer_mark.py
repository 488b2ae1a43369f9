"""Every target ends in its final answer."""

from tests.checks.audit_rows import fault


def test_a_missing_and_an_empty_answer_are_found() -> None:
    assert fault("answer_mark") is None
    assert "no answer mark" in (fault("answer_mark", final=None) or "")
    assert "nothing" in (fault("answer_mark", final=" ") or "")
