"""What an audit found, as data."""

from raftune.audited import Finding
from raftune.auditing.report import AuditReport, CheckResult

FOUND = CheckResult("refusal", "error", "refuses", 9, 2, (Finding("f.jsonl", 3, "refuses: no"),))
REPORT = AuditReport(
    10, ("f.jsonl",), (("train", 10),), (("chat", 10),), (FOUND, CheckResult("no_quotes", "note", "none", 9, 0))
)


def test_the_object_holds_rows_and_each_check() -> None:
    made = REPORT.to_json()
    assert made["rows"] == 10
    assert made["checks"]["refusal"] == {  # type: ignore[index, call-overload]
        "severity": "error",
        "about": "refuses",
        "checked": 9,
        "found": 2,
        "examples": [{"file": "f.jsonl", "line": 3, "text": "refuses: no"}],
    }


def test_counts_are_of_checks_that_found_something() -> None:
    assert (REPORT.count("error"), REPORT.count("note")) == (1, 0)
    assert REPORT.found() == {"refusal": 2}
