"""The `raftune` command: one file a subcommand; errors become one line and an exit code here and nowhere else."""

import signal
import sys

import typer

from raftune.cli import audit, chat, doctor, export, init, plan, review, run, show, stages, stats, status
from raftune.errors import RaftuneError

app = typer.Typer(
    name="raftune",
    help="From your own documents to a small model that answers from them, quotes them, and proves it is better.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (init.init, stages.ingest, stages.chunk, plan.plan, run.run, status.status):
    app.command()(command)
app.add_typer(show.app, name="show")
app.command()(stats.stats)
app.command()(review.review)
app.command()(audit.audit)
app.command()(export.export)
app.command()(chat.chat)
app.command()(doctor.doctor)

INTERRUPTED = 130


def main() -> None:
    """Runs the command line; ends the process with the exit code of the error's group."""
    # A polite kill ends a run as Ctrl-C does: calls in flight may end, since they are paid for.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        app()
    except RaftuneError as error:
        print(f"raftune: {error.message}\n         {error.advice}", file=sys.stderr)  # noqa: T201 - the one error line
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("\nraftune: stopped. Nothing is lost: run the same command again to go on.", file=sys.stderr)  # noqa: T201
        sys.exit(INTERRUPTED)
