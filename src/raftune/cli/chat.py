"""raftune chat: questions to the tuned model, answered from the project's own passages with their pages."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.chat_words import COMMANDS, HELP, facts_of, quote_lines, source_lines
from raftune.cli.flowing import Flow
from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder
from raftune.errors import ConfigError, RaftuneError, StoreError

if TYPE_CHECKING:
    from raftune.answering import GroundedReply
    from raftune.api import Project
    from raftune.consulting import Consulted
    from raftune.records import Chunk

GREETING = "Ask a question. /help says what else you can do; Ctrl-D leaves."


def chat(
    question: Annotated[str | None, typer.Argument(help="One question; without it, a conversation.")] = None,
    base: Annotated[bool, typer.Option("--base", help="Ask the untuned model.")] = False,
    documents: Annotated[
        int | None, typer.Option("--documents", "-k", min=1, max=100, help="Show the model this many passages.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Add questions and answers to this file, as JSON lines.")
    ] = None,
    changes: Changes = NONE,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Ask the project's documents.

    Passages are found as [retrieve] says; the tuned model answers from them; its quotes are looked up. Without a
    question: a conversation, or one question a line from a pipe.
    """
    from raftune import api, consulting

    opened = api.open_project(project, changes)
    with consulting.consulted(opened, tuned=not base, passages=documents) as found:
        talk = Talk(opened, found, keep, as_json=as_json)
        if question is not None:
            talk.answer(question)
        else:
            talk.converse()


def at_terminal() -> bool:
    """Whether a person asks."""
    return sys.stdin.isatty()


@dataclass
class Talk:
    """Questions and what is shown of their answers; `shown` are the passages of the last one."""

    project: "Project"
    documents: "Consulted"
    keep: Path | None
    as_json: bool
    shown: tuple["Chunk", ...] | None = None
    language: str = "en"
    asking: bool = field(default_factory=lambda: at_terminal())  # noqa: PLW0108 - looked up when it is called

    def converse(self) -> None:
        """Answers what is asked, until the input ends. What goes wrong with one question leaves the next."""
        if self.asking:
            typer.echo(GREETING)
        for asked in self.questions():
            command = COMMANDS.get(asked.lower())
            if command == "quit":
                return
            if command is not None or asked.startswith("/"):
                self.obey(command, asked)
                continue
            try:
                self.answer(asked)
            except KeyboardInterrupt:  # ends the answer, not the conversation
                if not self.asking:
                    raise
                typer.echo("\n(stopped)")
            except (ConfigError, StoreError):
                raise
            except RaftuneError as error:
                typer.echo(f"{error.message}\n{error.advice}", err=True)

    def questions(self) -> Iterator[str]:
        """What is asked, line by line, without empty lines."""
        while True:
            try:
                line = input("> " if self.asking else "")
            except (EOFError, KeyboardInterrupt):
                if self.asking:
                    typer.echo("")
                return
            if asked := line.strip():
                yield asked

    def obey(self, command: str | None, words: str) -> None:
        """Shows help or sources."""
        if command == "sources" and self.shown is not None:
            lines = list(source_lines(self.shown, "ko" if self.language == "ko" else "en"))
            typer.echo("\n".join(lines))
        elif command == "sources":
            typer.echo("Nothing was asked so far.")
        else:
            typer.echo(HELP if command == "help" else f"There is no {asked_word(words)}. /help says what there is.")

    def answer(self, question: str) -> None:
        """Shows the answer to a question as it comes, then its quotes."""
        from raftune import consulting

        if self.as_json:
            shown, reply = self.documents.ask(question)
        else:
            flow = Flow(written)
            try:
                shown, reply = self.documents.ask(question, flow.feed)
            finally:
                flow.end()
        reply = consulting.with_exact_pages(self.project, reply)
        self.shown, self.language = tuple(shown), reply.language
        if self.as_json:
            typer.echo(json.dumps(facts_of(question, shown, reply), ensure_ascii=False))
        for line in () if self.as_json else quote_lines(reply):
            typer.echo(line)
        self.note(question, reply)

    def note(self, question: str, reply: "GroundedReply") -> None:
        """Adds to the file that was asked for. Raises ConfigError where it cannot be written."""
        if self.keep is None:
            return
        line = json.dumps(facts_of(question, self.shown or (), reply), ensure_ascii=False)
        try:
            # Only its owner reads it: it may hold what people asked about.
            descriptor = os.open(self.keep, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(descriptor, "a", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
                file.write(f"{line}\n")
        except OSError as error:
            raise ConfigError(
                f"{self.keep} cannot be written ({error.strerror}).", "Name another file by --keep."
            ) from error


def written(text: str) -> None:
    """Shows a part of a line at once."""
    typer.echo(text, nl=False)
    sys.stdout.flush()


def asked_word(words: str) -> str:
    """The first word."""
    return words.split(maxsplit=1)[0]
