"""raftune show: rows of a stage, a page, a passage, a quote on its page, or an example.

show STAGE [ROW]        rows
show page FILE NUMBER   a page as it was read
show chunk [ID]         rows, or one passage and where it stands
show quote ID           a quote, and a picture of its page with the quote lit
show example ID         an example: its documents, the oracle marked and the quotes lit, and its target
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from raftune.cli.options import HERE, AsJson, Folder

if TYPE_CHECKING:
    from raftune.api import Project

ROWS = "STAGE"

Rejects = Annotated[bool, typer.Option("--rejects", help="Show what was left out, and why.")]
Count = Annotated[int, typer.Option("--count", "-n", help="How many rows.")]
Image = Annotated[Path | None, typer.Option("--image", help="Draw the page, the words lit, to this PNG file.")]
QuoteId = Annotated[
    str, typer.Argument(metavar="ID", help="The beginning of an answer's or example's id; ID#2: quote 2.")
]


class Words(TyperGroup):
    """Takes the name of a stage where a subcommand is expected."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The subcommand, also behind options; where there is none, the one for rows."""
        known = [place for place, word in enumerate(args) if word in self.commands]
        place = known[0] if known and args[0].startswith("-") else 0
        if args[place] not in self.commands:
            return super().resolve_command(ctx, [ROWS, *args])
        return super().resolve_command(ctx, [args[place], *args[:place], *args[place + 1 :]])


app = typer.Typer(
    cls=Words,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"ignore_unknown_options": True},
    help="Show rows of a stage, a page, a passage, a quote lit on its page, or an example.",
    subcommand_metavar="STAGE|page|chunk|quote|example ...",
)


@app.command(ROWS)
def rows(
    stage: Annotated[str, typer.Argument(help="A stage, such as answer.")],
    row: Annotated[str | None, typer.Argument(help="The beginning of a row's id.")] = None,
    rejects: Rejects = False,
    count: Count = 5,
    image: Image = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print rows of the stage's latest artifact."""
    from raftune import api
    from raftune.cli.traces import write_pictures

    opened = api.open_project(project)
    found = list(islice(chosen(opened, stage, row, rejects=rejects), count))
    if image is not None and found and not rejects:
        spot = api.locate(opened, next(api.stored(opened, stage).beginning(str(found[0]["id"]))))[0]
        write_pictures(opened, spot, image)
    for one in found:
        print_row(one, as_json=as_json)


@app.command()
def page(
    file: Annotated[str, typer.Argument(help="A document's path, or a part of it that no other has.")],
    number: Annotated[int, typer.Argument(min=1, help="The page's number, from 1.")],
    image: Annotated[Path | None, typer.Option("--image", help="Draw the page to this PNG file.")] = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print a page as it was read.

    The way it was read, warnings, what was left out of it, and its Markdown.
    """
    from raftune import api
    from raftune.cli.traces import show_page

    show_page(api.open_project(project), file, number, image, as_json=as_json)


@app.command()
def chunk(
    row: Annotated[str | None, typer.Argument(help="The beginning of a passage's id; without it, rows.")] = None,
    rejects: Rejects = False,
    count: Count = 5,
    image: Image = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print a passage, and where it stands.

    Without an id: rows of the stage chunk.
    """
    from raftune import api
    from raftune.cli.traces import show_chunk

    if row is None or rejects:
        rows("chunk", row, rejects, count, image, project, as_json)
    else:
        show_chunk(api.open_project(project), row, image, as_json=as_json)


@app.command()
def quote(
    row: QuoteId,
    image: Annotated[
        Path | None, typer.Option("--image", help="The PNG file to draw to.", show_default="quote-ID.png")
    ] = None,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Draw a quote on its page.

    Prints the quote with its question, file and page, and draws the page with the quote lit.
    """
    from raftune import api
    from raftune.cli.traces import show_quote

    show_quote(api.open_project(project), row, image, as_json=as_json)


@app.command()
def example(
    row: Annotated[str, typer.Argument(metavar="ID", help="The beginning of an example's id.")],
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Print an example as the student sees it.

    Its documents in order, the oracle marked and the quotes lit, why each distractor is shown, and what to write.
    """
    from raftune import api
    from raftune.cli.example import show_example

    show_example(api.open_project(project), row, as_json=as_json)


def chosen(project: "Project", stage: str, start: str | None, *, rejects: bool) -> Iterator[dict[str, Any]]:
    """A stage's rejects, or its rows whose ids begin with `start`."""
    from raftune import api

    artifact = api.stored(project, stage)
    if rejects:
        yield from artifact.rejects()
    else:
        yield from (row.to_row() for row in artifact.beginning(start or ""))


def print_row(row: dict[str, Any], *, as_json: bool) -> None:
    """A row as a line of JSON, or a field a line."""
    if as_json:
        typer.echo(json.dumps(row, ensure_ascii=False))
        return
    for name, value in row.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        typer.echo(f"{name:>12}  {text}")
    typer.echo("")
