"""Every row shows as many documents."""

from tests.checks.audit_rows import findings, trace


def test_rows_that_differ_from_most_are_found() -> None:
    rows = [trace(1), trace(2), trace(3, documents=(1, 2, 3)), trace(4, documents=())]
    assert findings("document_count", rows) == [(3, "3 documents where most rows have 2")]
