"""Personal data is found and not told."""

from tests.checks.audit_rows import fault


def test_personal_data_is_found_and_not_told() -> None:
    found = fault("personal_data", documents=("Write to jane.doe@harbour-office.org today.",))
    assert found == "document: email"
    assert fault("personal_data") is None
