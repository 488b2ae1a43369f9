"""A row and its trace, good but for what a test changes."""

from typing import Any

from raftune.audited import AuditOptions, AuditRow, RowTrace
from raftune.registry import load

ORACLE = "The harbour charges 40 crowns for a berth. Pilots wait at the lighthouse."
OTHER = "Nets are mended on the north quay."
QUOTE = "The harbour charges 40 crowns for a berth."
GOOD: dict[str, Any] = {
    "file": "rows.jsonl",
    "line": 1,
    "split": "train",
    "form": "chat",
    "question": "What does the harbour charge for a berth?",
    "documents": (OTHER, ORACLE),
    "target": f"##begin_quote##{QUOTE}##end_quote##\n<ANSWER>: 40 crowns",
    "reasoning": "",
    "quotes": (QUOTE,),
    "final": "40 crowns",
    "language": "en",
    "shown": True,
    "place": 1,
    "oracle": ORACLE,
}


def audit_row(**changes: Any) -> AuditRow:
    return AuditRow(**{**GOOD, **changes})


def fault(name: str, **changes: Any) -> str | None:
    """What a check says of a row that it applies to."""
    check, row = load("checks", name)(AuditOptions()), audit_row(**changes)
    assert check.applies(row)
    return check.fault(row)


def applies(name: str, **changes: Any) -> bool:
    return load("checks", name)(AuditOptions()).applies(audit_row(**changes))


def trace(line: int = 1, **changes: Any) -> RowTrace:
    return RowTrace(**{"file": "rows.jsonl", "line": line, "split": "train", "documents": (1, 2), **changes})


def findings(name: str, traces: list[RowTrace], share: float | None = None) -> list[tuple[int, str]]:
    """Line and text of what a check of the whole set finds."""
    check = load("checks", name)(AuditOptions(share))
    for one in traces:
        check.add(one)
    return [(found.line, found.text) for found in check.findings()]
