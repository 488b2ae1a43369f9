"""raftune run: from documents to a tuned model and a report."""

import json
from typing import Annotated

import typer

from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder, Quiet, Sample, with_sample

RULES_NOTE = (
    "No teacher is named, so rules write the questions: fill-in questions, right by construction. They train\n"
    "reading, quoting and ignoring distractors. For natural questions name a teacher in raftune.toml [teacher]."
)


def run(
    project: Folder = HERE,
    until: Annotated[str | None, typer.Option("--until", help="Stop after this stage.")] = None,
    sample: Sample = None,
    fresh: Annotated[list[str], typer.Option("--fresh", help="Run this stage again, ask models anew.")] = NONE,
    changes: Changes = NONE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run every stage that is not stored yet; the last line is the report's path."""
    from raftune import api
    from raftune.cli.watch import watcher

    opened = api.open_project(project, with_sample(changes, sample))
    silent = quiet or as_json
    if opened.settings.teacher.provider == "extractive" and not silent:
        typer.echo(RULES_NOTE)
    result = api.run(opened, watcher(silent), until, fresh)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "verdict": result.report.verdict if result.report else None,
                    "files": [str(path) for path in result.files],
                    "requests": result.requests,
                    "dollars": result.dollars,
                },
                ensure_ascii=False,
            )
        )
        return
    if not quiet:
        spent = "cost unknown" if result.dollars is None else f"${result.dollars:.2f}"
        typer.echo(f"{result.requests} requests to models ({spent}).")
    if result.report:
        typer.echo(f"\n{result.report.verdict}\n")
    for path in result.files:
        typer.echo(str(path))
