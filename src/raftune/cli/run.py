"""raftune run: from documents to a tuned model and a report."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder, Quiet, Sample, with_sample

if TYPE_CHECKING:
    from raftune.meter import Meter

RULES_NOTE = (
    "No teacher is named, so rules write the questions: fill-in questions, right by construction. They train\n"
    "reading, quoting and ignoring distractors. For natural questions name a teacher in raftune.toml [teacher]."
)


def spending(meter: "Meter") -> str:
    """What the run asked of models and what it cost; replies from the ledger are not counted."""
    from raftune.remembering.spending import money

    unknown = f", and {meter.unpriced} whose price is not known" if meter.unpriced else ""
    return f"{meter.usage.requests:,} new requests to models, {money(meter.dollars)}{unknown}."


def run(
    project: Folder = HERE,
    until: Annotated[str | None, typer.Option("--until", help="Stop after this stage.")] = None,
    sample: Sample = None,
    fresh: Annotated[list[str], typer.Option("--fresh", help="Run this stage again, ask models anew.")] = NONE,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", min=0.0, help="Stop before this run spends more dollars than this.")
    ] = None,
    changes: Changes = NONE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run every stage that is not stored yet; the last line is the report's path."""
    from raftune import api, planning
    from raftune.cli.watch import watcher

    limited = changes if max_cost is None else [*changes, f"max_cost={max_cost}"]
    opened = api.open_project(project, with_sample(limited, sample))
    silent = quiet or as_json
    if opened.settings.teacher.provider == "extractive" and not silent:
        typer.echo(RULES_NOTE)
    result = api.run(opened, watcher(silent), until, fresh, planning.foreseeing(opened))
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "verdict": result.report.verdict if result.report else None,
                    "files": [str(path) for path in result.files],
                    "requests": result.meter.usage.requests,
                    "dollars": None if result.meter.unpriced else result.meter.dollars,
                },
                ensure_ascii=False,
            )
        )
        return
    if not quiet:
        typer.echo(spending(result.meter))
    if result.report:
        typer.echo(f"\n{result.report.verdict}\n")
    for path in result.files:
        typer.echo(str(path))
