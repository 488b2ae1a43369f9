"""raftune serve: the project's models for any client of OpenAI's API."""

import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import HERE, NONE, Changes, Folder
from raftune.errors import ConfigError

if TYPE_CHECKING:
    from raftune.serve_config import ServeConfig
    from raftune.serving.service import Service
    from raftune.serving.tokens import Tokens


def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port; 0: any that is free.")] = None,
    token_variable: Annotated[
        str | None, typer.Option("--token-variable", help="The environment variable that holds the clients' tokens.")
    ] = None,
    beyond: Annotated[
        bool, typer.Option("--beyond-this-machine", help="Listen on an address that other machines reach.")
    ] = False,
    changes: Changes = NONE,
    project: Folder = HERE,
) -> None:
    """Serve the project's models over HTTP, for any client of OpenAI's API; Ctrl-C ends it once replies are written."""
    from raftune import api
    from raftune.endpoints.keys import Keys
    from raftune.models.extras import optional

    optional("fastapi", "serve")
    from raftune.serving.opening import opened_service
    from raftune.serving.tokens import find_tokens

    named = {"host": host, "port": port, "token_variable": token_variable}
    given = [f"serve.{name}={value!r}" for name, value in named.items() if value is not None]
    opened = api.open_project(project, [*changes, *given])
    config = opened.settings.serve
    check_address(config.host, beyond=beyond)
    tokens = find_tokens(Keys(opened.folder), config.token_variable, opened.state / "serve.token")
    with listening_on(config) as listening, opened_service(opened, tokens.values) as service:
        answer(service, listening, tokens)


def check_address(host: str, *, beyond: bool) -> None:
    """Raises ConfigError for an address that other machines reach, unless that is wanted."""
    from raftune.serving.security import is_loopback

    if not is_loopback(host) and not beyond:
        raise ConfigError(
            f"Other machines could reach {host}, and what goes over the network would not be encrypted.",
            "Put a proxy that speaks TLS before the service, or pass --beyond-this-machine.",
        )


def listening_on(config: "ServeConfig") -> socket.socket:
    """A socket on the address of the settings. Raises ConfigError where it cannot be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family)
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {config.host} port {config.port}: {error.strerror}.", "Choose another with --port."
        ) from error


def answer(service: "Service", listening: socket.socket, tokens: "Tokens") -> None:
    """Answers requests until it is told to stop."""
    from raftune.serving.app import make_app
    from raftune.serving.listening import listener
    from raftune.serving.logs import log_to

    log_to(sys.stderr)
    host, port = listening.getsockname()[:2]
    server = listener(make_app(service), service.config)
    server.began = lambda: typer.echo(greeting(service, f"{f'[{host}]' if ':' in host else host}:{port}", tokens))
    with suppress(KeyboardInterrupt):  # how a polite kill ends it, once all replies are written
        server.run(sockets=[listening])


def greeting(service: "Service", address: str, tokens: "Tokens") -> str:
    """Where the service is, its models, and how to ask. A token is shown to a person only, not to a log."""
    shown = tokens.values[0] if sys.stdout.isatty() and tokens.source.endswith(".token") else f"in {tokens.source}"
    models = ", ".join(served.name for served in service.catalogue.all())
    return f"Serving {models}\n  base_url  http://{address}/v1\n  api_key   {shown}"
