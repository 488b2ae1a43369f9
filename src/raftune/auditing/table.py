"""The report as a table for a terminal of 80 columns."""

from collections.abc import Iterator

from raftune.auditing.report import AuditReport, CheckResult

WIDTH = 80
HEAD = f"{'check':<24} {'severity':<8} {'checked':>9} {'found':>8} {'share':>7}"


def lines_of(report: AuditReport) -> Iterator[str]:
    """Faults with their examples, then one line of the checks that found nothing, then the verdict."""
    splits = ", ".join(f"{name} {count:,}" for name, count in report.splits)
    yield f"{report.rows:,} rows ({splits}); form: {', '.join(name for name, _ in report.forms)}"
    found = [check for check in report.checks if check.found]
    if found:
        yield ""
        yield HEAD
    for check in found:
        yield from check_lines(check)
    clean = [check.name for check in report.checks if not check.found]
    if clean:
        yield ""
        yield from wrapped(f"Nothing found by: {', '.join(clean)}.")
    yield ""
    yield verdict(report)


def check_lines(check: CheckResult) -> Iterator[str]:
    """A line of counts, and one an example."""
    share = f"{check.found / check.checked:.1%}" if 0 < check.found <= check.checked else ""
    yield f"{check.name:<24} {check.severity:<8} {check.checked:>9,} {check.found:>8,} {share:>7}".rstrip()
    for example in check.examples:
        place = f"{example.file}:{example.line}" if example.line else example.file
        yield clipped(f"    {place}  {' '.join(example.text.split())}")


def verdict(report: AuditReport) -> str:
    """One line: whether the set can be trained on."""
    if not report.rows:
        return "There are no rows."
    parts = [
        f"{count} check{'' if count == 1 else 's'} found {word}"
        for count, word in ((report.count("error"), "errors"), (report.count("warning"), "warnings"))
        if count
    ]
    return f"{'; '.join(parts)}." if parts else "Clean: no errors, no warnings."


def clipped(line: str) -> str:
    """A line of at most 80 columns; Hangul takes two."""
    width = 0
    for place, character in enumerate(line):
        width += 2 if character >= "\u1100" else 1
        if width > WIDTH - 1 and place < len(line) - 1:
            return f"{line[: place - 1]}…"
    return line


def wrapped(text: str) -> Iterator[str]:
    """A text in lines of 80 columns."""
    line = ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > WIDTH:
            yield line
            line = "  "
        line += f"{' ' if line.strip() else ''}{word}"
    yield line
