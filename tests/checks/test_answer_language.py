"""An answer is in the language of its question."""

from tests.checks.audit_rows import fault


def test_the_other_language_is_found() -> None:
    assert fault("answer_language") is None
    assert fault("answer_language", final="등대에서 멀리 떨어진 곳") is not None
    assert fault("answer_language", language="ko", final="forty crowns for every berth in the harbour") is not None


def test_names_may_be_in_the_other_language() -> None:
    assert fault("answer_language", language="ko", final="Harbour Act") is None
    assert fault("answer_language", final="the Korean term 도선사 (pilot)") is None
