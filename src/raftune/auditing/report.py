"""What an audit found."""

from dataclasses import dataclass

from raftune.audited import Finding, Severity
from raftune.digest import Json

WEIGHT: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class CheckResult:
    """A check: so many rows could have its fault, so many have it, and the first of them."""

    name: str
    severity: Severity
    about: str
    checked: int
    found: int
    examples: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class AuditReport:
    """All checks, the gravest first, over so many rows of these splits."""

    rows: int
    files: tuple[str, ...]
    splits: tuple[tuple[str, int], ...]
    forms: tuple[tuple[str, int], ...]
    checks: tuple[CheckResult, ...]

    def count(self, severity: Severity) -> int:
        """How many checks of a severity found something."""
        return sum(check.severity == severity and check.found > 0 for check in self.checks)

    def found(self) -> dict[str, int]:
        """The checks that found something, with how often."""
        return {check.name: check.found for check in self.checks if check.found}

    def to_json(self) -> dict[str, Json]:
        """One object: `rows`, and under `checks` for each of them `checked`, `found` and `examples`."""
        return {
            "rows": self.rows,
            "files": list(self.files),
            "splits": dict(self.splits),
            "forms": dict(self.forms),
            "errors": self.count("error"),
            "warnings": self.count("warning"),
            "notes": self.count("note"),
            "checks": {check.name: as_json(check) for check in self.checks},
        }


def as_json(check: CheckResult) -> dict[str, Json]:
    """A check as a JSON object."""
    return {
        "severity": check.severity,
        "about": check.about,
        "checked": check.checked,
        "found": check.found,
        "examples": [example._asdict() for example in check.examples],
    }
