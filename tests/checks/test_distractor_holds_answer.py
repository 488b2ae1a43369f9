"""A distractor does not answer."""

from tests.checks.audit_rows import ORACLE, OTHER, QUOTE, fault


def test_a_distractor_with_quote_or_answer_is_found() -> None:
    assert fault("distractor_holds_answer") is None
    assert fault("distractor_holds_answer", documents=(f"{OTHER} {QUOTE}", ORACLE)) is not None
    told = "What a harbour may charge for a berth is 40 crowns."
    assert fault("distractor_holds_answer", documents=(told, ORACLE)) is not None


def test_the_same_figure_about_something_else_is_no_answer() -> None:
    assert fault("distractor_holds_answer", documents=("A net costs 40 crowns.", ORACLE)) is None
    assert fault("distractor_holds_answer", documents=("Harbour berths charge 140 crowns.", ORACLE)) is None


def test_a_copy_of_the_oracle_is_another_fault() -> None:
    assert fault("distractor_holds_answer", documents=(ORACLE, ORACLE)) is None
