"""raftune label: answers that a judge graded, for people to grade as well."""

from typing import Annotated

import typer

from raftune.cli.options import HERE, Folder

Metric = Annotated[str, typer.Argument(help="faithfulness, answer_relevancy, answer_similarity or answer_correctness.")]
Rows = Annotated[int, typer.Option("--rows", "-n", min=2, help="Answers in all, half of them of each system.")]


def label(metric: Metric, *, rows: Rows = 200, project: Folder = HERE) -> None:
    """Add graded answers to labels.csv, to be filled in with a value from 0 to 1. From 100 of a system on, the report
    corrects the judge's mean by them.
    """
    from raftune import api, desk
    from raftune.cli.layout import counted

    opened = api.open_project(project)
    added = desk.label_sheet(opened, metric, rows)
    typer.echo(f"{counted(added, 'row')} added: fill in the column value, then `raftune run`.")
    typer.echo(str(opened.labels))
