"""The `raftune` command: one file a subcommand; errors become one line and an exit code here and nowhere else."""

import signal
import sys

import typer

from raftune.cli import (
    audit,
    bench,
    chat,
    crosscheck,
    diff,
    doctor,
    export,
    gate,
    init,
    job,
    label,
    ledger,
    plan,
    review,
    run,
    serve,
    show,
    stages,
    stats,
    status,
    ui,
    undeploy,
)
from raftune.cli.debug import Debugging, root, silence, tell
from raftune.errors import RaftuneError

app = typer.Typer(
    name="raftune",
    help="From your own documents to a small model that answers from them, quotes them, and proves it is better.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(root)
for command in (init.init, stages.ingest, stages.chunk, plan.plan, run.run, status.status):
    app.command()(command)
app.add_typer(show.app, name="show")
app.command()(stats.stats)
app.command()(review.review)
app.add_typer(ledger.app, name="ledger")
app.command()(audit.audit)
app.command()(export.export)
app.command()(label.label)
app.command()(diff.diff)
app.command()(gate.gate)
app.command()(crosscheck.crosscheck)
app.command()(chat.chat)
app.command()(serve.serve)
app.command()(ui.ui)
app.add_typer(job.app, name="job")
app.command()(undeploy.undeploy)
app.command()(bench.bench)
app.command()(doctor.doctor)

INTERRUPTED = 130
STOPPED = "\nraftune: stopped. Nothing is lost: run the same command again to go on.\n"


def main() -> None:
    """Runs the command line; ends the process with the exit code of the error's group."""
    # A polite kill ends a run as Ctrl-C does: calls in flight may end, since they are paid for.
    # A shell that starts it in the background has SIGINT ignored: then neither would end it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    silence()
    debugging = Debugging()
    try:
        app(obj=debugging)
    except RaftuneError as error:
        sys.exit(debugging.refuse(error))
    except KeyboardInterrupt:
        tell(STOPPED)
        sys.exit(INTERRUPTED)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # the command line library has seen Ctrl-C, and says nothing about it
            tell(STOPPED)
        raise
    except Exception as error:  # noqa: BLE001 - what nobody expected must not show its texts uncleaned
        raise SystemExit(debugging.fail(error)) from None
    finally:
        debugging.end()
