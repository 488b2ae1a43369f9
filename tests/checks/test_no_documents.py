"""A row shows documents."""

from tests.checks.audit_rows import fault


def test_a_row_without_documents_is_found() -> None:
    assert fault("no_documents") is None
    assert "no documents" in (fault("no_documents", documents=()) or "")
