"""raftune ui: the cockpit and the review desk, in the browser of this machine."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import HERE, NONE, Changes, Folder

if TYPE_CHECKING:
    import socket

    from raftune.serve_config import ServeConfig
    from raftune.web.cockpit import Cockpit


def ui(
    port: Annotated[int | None, typer.Option("--port", help="The port; 0: any that is free.")] = None,
    changes: Changes = NONE,
    project: Folder = HERE,
) -> None:
    """Review, watch, compare and ask in the browser; Ctrl-C ends it. Prints a link that works once."""
    from raftune import api
    from raftune.cli.serve import listening_on
    from raftune.models.extras import optional
    from raftune.serve_config import ServeConfig

    optional("fastapi", "ui")
    from raftune.web.cockpit import Cockpit

    opened = api.open_project(project, changes)
    config = ServeConfig(port=opened.settings.ui.port if port is None else port, drain_seconds=1)
    with listening_on(config) as listening:
        cockpit = Cockpit(opened.folder, listening.getsockname()[1], tuple(changes))
        answer(cockpit, listening, config)


def answer(cockpit: "Cockpit", listening: "socket.socket", config: "ServeConfig") -> None:
    """Answers until it is told to stop."""
    from raftune.serving.listening import listener
    from raftune.web.app import make_app

    server = listener(make_app(cockpit), config)
    server.began = lambda: say(cockpit)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


def say(cockpit: "Cockpit") -> None:
    """Prints the link."""
    typer.echo(
        f"Open this link; it works once:\n  http://127.0.0.1:{cockpit.port}/enter?token={cockpit.sessions.ticket()}"
    )
    sys.stdout.flush()
