"""raftune status: where the project stands."""

import json
from typing import Annotated, Any

import typer

from raftune.cli.options import HERE, AsJson, Folder


def status(
    everything: Annotated[bool, typer.Option("--all", help="List every file, however many there are.")] = False,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Show each stage's rows, rejects by reason and time; then each file: pages, way read, warnings."""
    from raftune import api, standing
    from raftune.cli.watch import duration

    opened = api.open_project(project)
    rows = standing.status(opened)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['stage']:<9} {describe(row, duration)}")
        if row["spent"] and row["spent"]["requests"]:
            typer.echo(f"          {spent_words(row)}")
        for reason, count in row["rejected"].items():
            typer.echo(f"          {count:>5} rejected: {reason}")
    if "files" in rows[0]:
        print_files(opened, everything=everything)


def print_files(project: Any, *, everything: bool) -> None:
    """What became of each file, and of all."""
    from raftune import api
    from raftune.cli.corpus import files_words, table, ways_words
    from raftune.overview import totals_of

    files = api.files(project)
    totals = totals_of(files)
    typer.echo("")
    for line in table(files, everything=everything):
        typer.echo(line)
    typer.echo(f"\nfiles {files_words(totals)}; {totals.pages:,} pages: {ways_words(totals.ways)}")


def describe(row: dict[str, Any], duration: Any) -> str:
    """One stage in a few words."""
    if row["rows"] is None:
        return "not run yet"
    taken = "" if row["seconds"] is None else f", {duration(row['seconds'])}"
    return f"{row['rows']} row{'' if row['rows'] == 1 else 's'}{taken}"


def spent_words(row: dict[str, Any]) -> str:
    """What a stage has asked models for in all runs, and what was expected of its latest one."""
    from raftune.cli.plan import thousands
    from raftune.remembering.spending import money

    spent, estimate = row["spent"], row["estimate"]
    cost = money(spent["dollars"]) + (f" and {spent['unpriced']:,} at an unknown price" if spent["unpriced"] else "")
    tokens = spent["prompt_tokens"] + spent["completion_tokens"]
    words = f"{spent['requests']:,} requests, {thousands(tokens)} tokens, {cost}"
    if not estimate or not estimate["usage"]["requests"]:
        return words
    usage = estimate["usage"]
    foreseen = thousands(usage["prompt_tokens"] + usage["completion_tokens"])
    price = "" if estimate["dollars"] is None else f", {money(estimate['dollars'])}"
    return f"{words} (the last run was to take {usage['requests']:,}, {foreseen}{price})"
