"""What a replication found, as lines for a terminal of 80 columns."""

from collections.abc import Iterator
from typing import Any

from raftune.replication.arms import NAMES

WIDTH, NAME = 22, 20
SHORT = {
    "choice_macro_f1": "macro-F1",
    "choice": "accuracy",
    "exact_match_lenient": "exact match",
    "token_f1_lenient": "F1",
    "api_domain": "right domain",
    "api_call": "right call",
    "api_call_exact": "exact call",
    "quote_supported": "right quote",
    "format": "format",
}
ORDER = {
    "shown": "yes, both steps beyond chance",
    "as means": "as means, not both steps beyond chance",
    "no": "no",
}


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    """The main table, metric by metric, what was tested, and the tables of slices and ablations."""
    sizes = found["sizes"]
    yield f"{found['title']}, {found['student']}: {sizes['training']} questions learned, {sizes['testing']} asked"
    yield from table_lines(found, found["metrics"], found["paper"])
    yield "base + RAG < DSF + RAG < RAFT:"
    for metric, order in found["order"].items():
        yield f"  {SHORT[metric]:<{NAME}}{ORDER[order]}"
    yield "paired differences, 95 % intervals, p by Holm over all of them:"
    for one in found["differences"]:
        yield "  " + difference_line(one)
    for name, table in found["slices"].items():
        yield f"\n{name}"
        yield from table_lines(table, found["metrics"], found["paper"], name)
    if found["ablations"]:
        yield "\nablations"
        yield from table_lines(found["ablations"], found["metrics"], found["paper"])
    yield f"{sum(found['seconds'].values()):,.0f} seconds of work on {found['machine']}, {found['date']}"


def table_lines(table: dict[str, Any], metrics: list[str], paper: dict[str, Any], part: str = "") -> Iterator[str]:
    """A line for each system under each metric."""
    for metric in metrics:
        rows = {system: row[metric] for system, row in table["systems"].items() if metric in row}
        if not rows:
            continue
        theirs = paper.get(f"{metric}, {part}", paper.get(metric, {}))
        head = f"{SHORT[metric]:<{NAME}}{'mean':>8}{'95 % interval':>20}{'n':>6}{'paper' if theirs else '':>9}"
        yield f"\n{head.rstrip()}"
        for system, mean in rows.items():
            shown = f"{theirs[system]:.1f}" if system in theirs else ""
            name = f"  {NAMES.get(system, system):<{NAME - 2}}"
            yield f"{name}{percent(mean['value']):>8}{interval(mean):>20}{mean['n']:>6}{shown:>9}".rstrip()
    yield ""


def difference_line(one: dict[str, Any]) -> str:
    """A paired difference in a line."""
    first, second = (NAMES.get(system, system) for system in one["systems"])
    p = "" if one["p_holm"] is None else f"p {one['p_holm']:.3f}"
    value = "-" if one["value"] is None else f"{100 * one['value']:+.1f}"
    return f"{SHORT[one['metric']]:<18}{second} - {first}: {value} ({interval(one, '+')}) {p}".rstrip()


def percent(value: float | None) -> str:
    """A share in percent."""
    return "-" if value is None else f"{100 * value:.1f}"


def interval(mean: dict[str, Any], sign: str = "") -> str:
    """An interval in percent."""
    if mean["low"] is None:
        return "-"
    return f"{100 * mean['low']:{sign}.1f} to {100 * mean['high']:{sign}.1f}"
