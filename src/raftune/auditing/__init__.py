"""Looks for every fault that training sets are known to have, in files made anywhere.

    from raftune.auditing import audit
    report = audit([Path("train.jsonl"), Path("test.jsonl")])
    report.rows, report.found(), report.to_json()

Rows are read as a stream and checked in two processes; of each only a trace is kept, so memory does not grow with the
size of the documents.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from raftune.audited import AuditOptions, RowTrace
from raftune.auditing.catalogue import chosen, opened
from raftune.auditing.files import Block, blocks_of, files_in, split_of
from raftune.auditing.report import WEIGHT, AuditReport, CheckResult
from raftune.auditing.twins import Twins
from raftune.auditing.working import Tally, worked
from raftune.contracts import RowCheck, SetCheck

PROCESSES = 2


def audit(
    paths: Sequence[Path],
    options: AuditOptions | None = None,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    splits: Mapping[Path, str] | None = None,
    processes: int = PROCESSES,
) -> AuditReport:
    """Runs the checks over files, or folders of files, as one training set.

    `only` and `skip` name checks, `splits` says which split a file stands for where its name does not. Raises
    ConfigError for an unknown check, a file that is not there, or one that cannot be read at all.
    """
    options = options or AuditOptions()
    names, files = chosen(only, skip), files_in(paths)
    blocks = (block for path in files for block in blocks_of(path, split_of(path, splits or {})))
    return judged(blocks, names, options, files, processes)


def judged(
    blocks: Iterable[Block], names: Sequence[str], options: AuditOptions, files: Sequence[Path], processes: int
) -> AuditReport:
    """The report on all blocks."""
    row_checks, set_checks = opened(names, options)
    tallies = {check.name: Tally() for check in row_checks}
    twins, counts, forms = Twins(), Counter[str](), Counter[str]()
    for result in worked(blocks, names, options, processes):
        for name, tally in result.tallies.items():
            tallies[name].join(tally, options.examples)
        for trace in result.traces:
            counts[trace.split] += 1
            forms[trace.form or "unknown"] += 1
            show(twins.marked(trace) if not trace.problem else trace, set_checks)
    results = [*row_results(row_checks, tallies), *set_results(set_checks, options.examples)]
    return AuditReport(
        counts.total(),
        tuple(path.name for path in files),
        tuple(counts.items()),
        tuple(forms.items()),
        tuple(sorted(results, key=lambda result: (WEIGHT[result.severity], result.name))),
    )


def show(trace: RowTrace, checks: Iterable[SetCheck]) -> None:
    """Shows a row to the checks of the whole set; a broken one only to the check that counts those."""
    for check in checks:
        if not trace.problem or check.name == "readable":
            check.add(trace)


def row_results(checks: Iterable[RowCheck], tallies: Mapping[str, Tally]) -> Iterator[CheckResult]:
    """What the checks of single rows found."""
    for check in checks:
        tally = tallies[check.name]
        yield CheckResult(check.name, check.severity, check.about, tally.checked, tally.found, tuple(tally.examples))


def set_results(checks: Iterable[SetCheck], most: int) -> Iterator[CheckResult]:
    """What the checks of the whole set found."""
    for check in checks:
        found = list(check.findings())
        yield CheckResult(check.name, check.severity, check.about, check.checked, len(found), tuple(found[:most]))
