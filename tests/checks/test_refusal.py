"""What is shown is answered."""

from tests.checks.audit_rows import applies, fault


def test_refusals_are_found_in_both_languages() -> None:
    assert fault("refusal") is None
    assert fault("refusal", final="The documents do not hold the answer.") is not None
    assert fault("refusal", final="The context does not mention this.") is not None
    assert fault("refusal", final="문서에 답이 없습니다.") is not None


def test_without_the_oracle_a_refusal_is_right() -> None:
    assert not applies("refusal", shown=False, place=None)
