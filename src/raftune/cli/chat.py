"""raftune chat: questions to the tuned model, answered from the project's own passages with their pages."""

from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import HERE, Folder

if TYPE_CHECKING:
    from raftune.answering import GroundedReply


def chat(
    question: Annotated[str | None, typer.Argument(help="One question; without it, a conversation.")] = None,
    base: Annotated[bool, typer.Option("--base", help="Ask the untuned model.")] = False,
    project: Folder = HERE,
) -> None:
    """Ask the tuned model. Passages are found by BM25; quotes are checked against them."""
    from raftune import api

    opened = api.open_project(project)
    with api.answering(opened, tuned=not base) as ask:
        if question is not None:
            typer.echo(show_reply(ask(question)))
            return
        typer.echo("Ask a question; an empty line ends.")
        while asked := typer.prompt(">", prompt_suffix=" ", default="", show_default=False).strip():
            typer.echo(show_reply(ask(asked)))


def show_reply(reply: "GroundedReply") -> str:
    """The answer, each quote with its page, and what could not be found."""
    lines = [reply.answer or reply.text]
    for quote in reply.quotes:
        place = f"{quote.path}, page {', '.join(map(str, quote.pages))}" if quote.path else "not in the documents shown"
        lines.append(f"  “{quote.text}”\n    {place}")
    return "\n".join(lines)
