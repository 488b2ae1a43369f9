"""Whether an endpoint's machine can be found, spoken to and trusted, before any key is sent there."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from raftune.endpoints.endpoint import Address
from raftune.errors import ProviderError
from raftune.examining.check import Check

SECONDS = 10.0
DAY = 86400.0
FEW_DAYS = 14
PORTS = {"http": 80, "https": 443}


async def reach(role: str, address: Address) -> AsyncIterator[Check]:
    """Name, connection and certificate; the first that fails is the last. Behind a proxy only that is reached."""
    from raftune.endpoints.transport import proxy_for

    proxy = proxy_for(address.url)
    parts = urlsplit(proxy or address.url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 1080)
    place = f"the proxy {host}:{port}" if proxy else address.place
    try:
        found = await asyncio.wait_for(
            asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM), SECONDS
        )
    except (OSError, UnicodeError, TimeoutError):
        yield failed(role, "address", f"the name {host} is not known", "Check the address, and the network's DNS.")
        return
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), SECONDS)
    except (OSError, TimeoutError) as error:
        yield failed(role, "address", *why_not(place, error))
        return
    await shut(writer)
    number = found[0][4][0]
    shown = "" if number == host else f" ({number})"
    yield Check(role, "address", "ok", f"{place}{shown} takes connections")
    if not proxy:
        yield await certificate(role, address, parts, port)


async def certificate(role: str, address: Address, parts: SplitResult, port: int) -> Check:
    """Whether the endpoint proves who it is, and for how long."""
    if parts.scheme != "https":
        if address.local:
            return Check(role, "tls", "skipped", "not encrypted, but on this machine")
        return Check(
            role, "tls", "warn", "not encrypted: the key and your documents can be read on the way", "Use https."
        )
    import httpx2

    try:
        opening = asyncio.open_connection(parts.hostname, port, ssl=httpx2.create_ssl_context())
        _, writer = await asyncio.wait_for(opening, SECONDS)
    except ssl.SSLCertVerificationError as error:
        advice = "Set SSL_CERT_FILE to the file of the authority that signed it, often your company's."
        return failed(role, "tls", f"the certificate is not trusted: {error.verify_message}", advice)
    except (OSError, TimeoutError):
        return failed(role, "tls", "no encrypted connection comes about", "Check the port, and whether it is https.")
    held: Any = writer.get_extra_info("peercert") or {}
    version = writer.get_extra_info("ssl_object").version()
    await shut(writer)
    days = (ssl.cert_time_to_seconds(held["notAfter"]) - time.time()) / DAY if "notAfter" in held else None
    if days is None:
        return Check(role, "tls", "ok", f"{version}")
    words = f"{version}, certificate valid for {days:.0f} days"
    if days < FEW_DAYS:
        return Check(role, "tls", "warn", words, "Whoever runs the endpoint should renew it.")
    return Check(role, "tls", "ok", words)


async def shut(writer: asyncio.StreamWriter) -> None:
    """Closes a connection that was opened only to see whether it opens."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


def why_not(place: str, error: Exception) -> tuple[str, str]:
    """Why a connection did not come about, and what to do."""
    if isinstance(error, TimeoutError):
        return f"{place} does not answer within {SECONDS:.0f} s", "A firewall may be in the way; check the address."
    if isinstance(error, ConnectionRefusedError):
        return f"{place} refuses connections", "Start the server, or correct the port in base_url."
    return f"{place} cannot be reached ({getattr(error, 'strerror', '') or type(error).__name__})", "Check the network."


def failed(role: str, name: str, words: str, advice: str) -> Check:
    """A check that the endpoint did not stand."""
    return Check(role, name, "fail", words, advice, ProviderError.exit_code)
