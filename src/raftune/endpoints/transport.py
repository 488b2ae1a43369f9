"""HTTP connections for hundreds of requests in flight, with bounded answers and without surprises.

Imported only where an endpoint is opened: httpx2 comes with the `endpoint` extra.
"""

import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

import httpx2

from raftune.errors import ConfigError

POOLS = 32
"""A pool looks at each of its connections for each request: many small ones cost a tenth of a big one."""
MOST_BYTES = 64 << 20  # embeddings of a full batch take a few megabytes, nothing honest takes more than this
MOST_FILE_BYTES = 1 << 30  # results of the Batch API are files
CONNECT_SECONDS = 20.0
LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=30.0)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class TooBig(httpx2.ProtocolError):
    """An answer is longer than any that was asked for."""


class Compressed(httpx2.ProtocolError):
    """An answer is compressed although that was not asked for, and could be a bomb."""


class SpreadTransport(httpx2.AsyncBaseTransport):
    """Sends each request through the least busy of several pools, and tells `hear` the headers of every answer.

    An answer of more than `most` bytes raises TooBig; a file may be longer.
    """

    def __init__(self, url: str, hear: Callable[[Mapping[str, str]], None], most: int = MOST_BYTES) -> None:
        context, proxy = httpx2.create_ssl_context(), proxy_for(url)
        self.pools = [httpx2.AsyncHTTPTransport(verify=context, limits=LIMITS, proxy=proxy) for _ in range(POOLS)]
        self.busy = [0] * POOLS
        self.hear = hear
        self.most = most

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, as soon as its headers are there."""
        number = min(range(POOLS), key=self.busy.__getitem__)
        self.busy[number] += 1
        try:
            response = await self.pools[number].handle_async_request(request)
        except BaseException:
            self.busy[number] -= 1
            raise
        most = MOST_FILE_BYTES if request.url.path.endswith("/content") else self.most
        response.stream = BoundedStream(
            cast("httpx2.AsyncByteStream", response.stream), most, lambda: self.free(number)
        )
        self.hear(response.headers)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise Compressed("the answer is compressed, which was not asked for")
        return response

    def free(self, number: int) -> None:
        """A request of a pool has ended."""
        self.busy[number] -= 1

    async def aclose(self) -> None:
        """Closes all connections."""
        for pool in self.pools:
            await pool.aclose()


class BoundedStream(httpx2.AsyncByteStream):
    """A body of at most `most` bytes; calls `ended` once when it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int, ended: Callable[[], None]) -> None:
        self.stream = stream
        self.left = most
        self.ended: Callable[[], None] | None = ended

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self.stream:
            self.left -= len(part)
            if self.left < 0:
                raise TooBig("the answer is too long")
            yield part

    async def aclose(self) -> None:
        """Closes the body."""
        ended, self.ended = self.ended, None
        if ended is not None:
            ended()
        await self.stream.aclose()


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for an address; none for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in LOOPBACK or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def client_for(
    url: str, hear: Callable[[Mapping[str, str]], None], headers: Mapping[str, str], seconds: float
) -> httpx2.AsyncClient:
    """A client for one endpoint: no redirects, since they could take the key to another host; `seconds` a read.

    Raises ConfigError for a proxy that cannot be used.
    """
    try:
        transport = SpreadTransport(url, hear)
    except (ImportError, ValueError, httpx2.InvalidURL) as error:  # may hold the proxy's password: not repeated
        raise ConfigError(
            "The proxy that the environment names for the endpoint cannot be used.",
            "Set HTTPS_PROXY to an address like http://proxy:3128; for SOCKS, pip install socksio.",
        ) from error
    return httpx2.AsyncClient(
        transport=transport,
        headers={"Accept-Encoding": "identity", **headers},
        timeout=httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        follow_redirects=False,
    )
