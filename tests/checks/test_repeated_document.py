"""No document is shown twice."""

from tests.checks.audit_rows import ORACLE, OTHER, fault


def test_a_copy_is_found_in_another_layout_too() -> None:
    assert fault("repeated_document") is None
    assert "the oracle" in (fault("repeated_document", documents=(ORACLE.replace(" ", "\n"), ORACLE)) or "")
    assert "a document" in (fault("repeated_document", documents=(OTHER, ORACLE, OTHER)) or "")
