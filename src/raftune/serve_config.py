"""The [serve] section: where the service listens, and what it lets each request take."""

from typing import Annotated

from pydantic import Field

from raftune.stage import StageConfig, Transport


class ServeConfig(StageConfig):
    """The service of `raftune serve`: where it listens, who may ask, and how much one request may take."""

    host: Annotated[str, Transport()] = "127.0.0.1"
    """The address it listens on; another than this machine's own needs --beyond-this-machine."""
    port: Annotated[int, Transport()] = Field(default=8321, ge=0, le=65535)
    """The port; 0: any that is free."""
    token_variable: Annotated[str, Transport()] = "RAFTUNE_TOKEN"  # noqa: S105 - its name
    """The name of the environment variable (or line of `.env`) that holds the tokens of clients, white space between
    them. Without it one is made and kept in `.raftune/serve.token`."""
    hosts: Annotated[tuple[str, ...], Transport()] = ()
    """Further host names that clients may reach it by, such as the one of a proxy before it."""
    origins: Annotated[tuple[str, ...], Transport()] = ()
    """Web pages that may ask from a browser, as https://intranet.example; without any, none of another origin may."""
    body_megabytes: Annotated[float, Transport()] = Field(default=8.0, gt=0)
    """The largest body of a request."""
    file_megabytes: Annotated[float, Transport()] = Field(default=512.0, gt=0)
    """The largest upload to /v1/files."""
    header_seconds: Annotated[float, Transport()] = Field(default=10.0, gt=0)
    """How long a client may take to send the head of a request."""
    body_seconds: Annotated[float, Transport()] = Field(default=60.0, gt=0)
    """How long a client may take to send the body of a request; each megabyte that has come gives it a second more."""
    connections: Annotated[int, Transport()] = Field(default=512, ge=1)
    """Connections that are open at the same time, at most."""
    context: Annotated[int, Transport()] = Field(default=4096, ge=256)
    """Room for prompt and reply, in tokens."""
    max_tokens: Annotated[int, Transport()] = Field(default=1024, ge=1)
    """The most tokens that one reply may have; a request that asks for more gets this many."""
    temperature: Annotated[float, Transport()] = Field(default=0.0, ge=0, le=2)
    """For requests that name none. At 0 the likeliest token is taken each time, as when the model was evaluated."""
    at_once: Annotated[int, Transport()] = Field(default=16, ge=1)
    """Replies that are generated side by side, at most."""
    waiting: Annotated[int, Transport()] = Field(default=64, ge=0)
    """Requests that may wait for their turn; further ones are refused with status 429."""
    seconds: Annotated[float, Transport()] = Field(default=300.0, gt=0)
    """How long a request may take as a whole, its time in the queue included."""
    drain_seconds: Annotated[float, Transport()] = Field(default=30.0, ge=0)
    """How long replies that are being written may take when the service is told to stop."""
