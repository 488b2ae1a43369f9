import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from raftune.endpoints.endpoint import Address
from raftune.examining.check import Check
from raftune.examining.reaching import reach, why_not


async def reached(address: Address) -> list[Check]:
    return [check async for check in reach("teacher", address)]


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made, key = tmp_path / "made.pem", tmp_path / "key.pem"
    asked = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "10", "-subj", "/CN=here"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", "-x509", *asked, *names, "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    return made, key


async def over_tls(made: Path, key: Path) -> list[Check]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "localhost", 0, family=socket.AF_INET, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await reached(Address(f"https://localhost:{port}/v1"))


def test_a_name_that_is_none_is_told() -> None:
    [check] = asyncio.run(reached(Address("http://no-such-host.invalid/v1")))
    assert check.words == "the name no-such-host.invalid is not known"
    assert (check.state, check.code) == ("fail", 4)


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    [check] = asyncio.run(reached(Address(f"http://127.0.0.1:{port}/v1")))
    assert check.words == f"127.0.0.1:{port} refuses connections"


def test_a_certificate_that_nobody_trusts_is_told(certificate: tuple[Path, Path]) -> None:
    address, tls = asyncio.run(over_tls(*certificate))
    assert (address.state, tls.state) == ("ok", "fail")
    assert "not trusted" in tls.words
    assert "SSL_CERT_FILE" in tls.advice


def test_a_certificate_that_ends_soon_is_told(certificate: tuple[Path, Path], monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    _, tls = asyncio.run(over_tls(*certificate))
    assert tls.state == "warn"
    assert "certificate valid for 10 days" in tls.words or "certificate valid for 9 days" in tls.words


def test_a_server_that_does_not_encrypt_is_told() -> None:
    async def plain() -> list[Check]:
        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            return await reached(Address(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"))

    _, tls = asyncio.run(plain())
    assert tls.words == "no encrypted connection comes about"


def test_behind_a_proxy_only_that_is_reached_and_its_password_is_not_told(monkeypatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:hidden-word@127.0.0.1:{port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    [check] = asyncio.run(reached(Address("https://api.example.com/v1")))
    assert check.words == f"the proxy 127.0.0.1:{port} refuses connections"


def test_each_reason_has_words_of_its_own() -> None:
    errors = [TimeoutError(), ConnectionRefusedError(), OSError(113, "No route to host"), ConnectionResetError()]
    assert len({why_not("h", error)[0] for error in errors}) == len(errors)
