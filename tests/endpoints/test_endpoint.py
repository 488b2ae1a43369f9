"""An endpoint's address, key and deadline; what its answers mean is tested in test_explaining and by the providers."""

import asyncio
import os
import shutil
import ssl
import stat
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openai
import pytest

from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys, redact
from raftune.errors import ConfigError, ProviderError, Unavailable
from tests.servers.openai import serving

BODY = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
AZ = """#!/bin/sh
echo "$@" >> "{calls}"
echo '{{"accessToken": "{token}", "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800}}'
"""


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434",
        "ftp://host/v1",
        "http://",
        "http://:80",
        "http://[::1/v1",
        "http://host:99999",
        "http://host:x",
    ],
)
def test_an_address_is_a_web_address(url: str) -> None:
    with pytest.raises(ConfigError, match="no web address"):
        Address(url)


@pytest.mark.parametrize(
    "url",
    ["https://name:sekret@host/v1", "https://sekret@host/v1", "https://host/v1?key=sekret", "https://host/v1#sekret",
     "htp://name:sekret@host/v1", "name:sekret@host", "http://name:sekret@host:x/v1"],
)  # fmt: skip
def test_an_address_that_holds_a_secret_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Address(url)
    assert "sekret" not in str(caught.value)


def test_an_endpoint_has_a_place_and_a_name() -> None:
    assert Address().place == Address().name == "api.openai.com"
    assert Address("http://host:1/v1/").name == "host:1"
    one, other = Address("http://host:1/one/v1"), Address("http://host:1/other/v1")
    assert one.place == other.place
    assert one.name != other.name


def test_a_missing_key_is_said_unless_none_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    keys = Keys(tmp_path)
    with pytest.raises(ProviderError, match="NO_SUCH_KEY is not set"):
        Endpoint(Address("https://models.example/v1", "NO_SUCH_KEY"), keys).credential()
    assert Endpoint(Address("http://localhost:1/v1", "NO_SUCH_KEY"), keys).credential() == "none"
    assert Endpoint(Address("https://models.example/v1", ""), keys).credential() == "none"
    (tmp_path / ".env").write_text("NO_SUCH_KEY=secret-of-the-file\n")
    assert Endpoint(Address(None, "NO_SUCH_KEY"), Keys(tmp_path)).credential() == "secret-of-the-file"


@pytest.mark.parametrize("value", ["sk-\u201cabc\u201d", "sk-abc\ndef", "열쇠열쇠"])
def test_a_key_that_no_header_takes_is_told(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ODD_KEY", value)
    with pytest.raises(ProviderError, match="value of ODD_KEY holds a character") as caught:
        Endpoint(Address(None, "ODD_KEY"), Keys(None)).credential()
    assert value not in str(caught.value)


def test_headers_of_a_gateway_go_along_and_those_of_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY", "pass-123456")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    heard: list[Mapping[str, str]] = []
    with serving() as server:
        post(Endpoint(Address(server.url, "", header_variables={"X-Pass": "GATEWAY"}), Keys(None), heard.append))
        assert server.headers[0]["x-pass"] == "pass-123456"
        assert server.headers[0]["accept-encoding"] == "identity"
        assert "openai-organization" not in server.headers[0]
    assert [answer["content-type"] for answer in heard] == ["application/json"]
    with pytest.raises(ProviderError, match="NO_SUCH_VARIABLE is not set"):
        post(Endpoint(Address("http://localhost:1/v1", "", header_variables={"X": "NO_SUCH_VARIABLE"}), Keys(None)))


@pytest.mark.parametrize(
    ("fault", "kind", "words", "reason"),
    [
        ("silence", Unavailable, r"did not answer within 0\.3 seconds", "timeout"),
        ("slow_loris", Unavailable, r"did not answer within 0\.3 seconds", "timeout"),
        ("endless", Unavailable, r"did not answer within 0\.3 seconds", "timeout"),
        ("reset", Unavailable, "broke the connection off", "connection lost"),
        ("reset_in_body", Unavailable, "broke the connection off", "connection lost"),
        ("short_body", Unavailable, "broke the connection off", "connection lost"),
        ("junk", Unavailable, "broke the connection off", "connection lost"),
        ("gzip_bomb", Unavailable, "compressed", "no completion"),
    ],
)
def test_each_fault_of_a_connection_is_told(fault: str, kind: type, words: str, reason: str) -> None:
    seconds = 0.3 if reason == "timeout" else 30.0
    with serving(fault) as server, pytest.raises(kind, match=words) as caught:
        post(Endpoint(Address(server.url, "", seconds=seconds), Keys(None)))
    assert getattr(caught.value, "reason", "") == reason


def test_nobody_listening_is_told_at_once() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9 cannot be reached"):
        post(Endpoint(Address("http://127.0.0.1:9/v1", ""), Keys(None)))


def test_the_same_endpoint_works_in_two_event_loops() -> None:
    with serving() as server:
        endpoint = Endpoint(Address(server.url, ""), Keys(None))
        assert post(endpoint)["model"] == post(endpoint)["model"] == "m"


def test_a_token_of_entra_is_asked_for_once_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("azure.identity")
    token = "eyJ0-canary-token-of-entra"
    fake_az(tmp_path, monkeypatch, AZ.format(calls=tmp_path / "calls", token=token))
    endpoint: list[Endpoint] = []
    with serving() as server:
        endpoint.append(Endpoint(Address(server.url, "", "entra"), Keys(None)))
        post(endpoint[0], times=3)
        assert [headers["authorization"] for headers in server.headers] == [f"Bearer {token}"] * 3
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 1
    assert "https://ai.azure.com" in calls[0]
    assert redact(f"Bearer {token}") == "Bearer ***"
    assert token not in repr(vars(endpoint[0]))


def test_where_entra_gives_no_token_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("azure.identity")
    fake_az(tmp_path, monkeypatch, "#!/bin/sh\necho 'Please run az login' >&2\nexit 1\n")
    with serving() as server:
        with pytest.raises(ProviderError, match="az login"):
            post(Endpoint(Address(server.url, "", "entra"), Keys(None)))
        assert server.requests == []


@pytest.fixture
def trusted_by_nobody(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own making: its address, and the file of its authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made, key = tmp_path / "made.pem", tmp_path / "made.key"
    asked = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", "-x509", *asked, *names, "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}/v1", made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_certificate_of_the_company_is_trusted_once_it_is_named(
    trusted_by_nobody: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, made = trusted_by_nobody
    with pytest.raises(ProviderError, match="certificate of localhost") as caught:
        post(Endpoint(Address(url, "", seconds=10), Keys(None)))
    assert "SSL_CERT_FILE" in caught.value.advice
    assert not isinstance(caught.value, Unavailable)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    assert post(Endpoint(Address(url, "", seconds=10), Keys(None))) == {}


def fake_az(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """An `az` of our own; no other source of credentials is asked."""
    program = folder / "az"
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")


def post(endpoint: Endpoint, times: int = 1) -> Any:
    """The last answer to some requests."""

    async def work(client: Any) -> Any:
        return await client.post("/chat/completions", body=BODY, cast_to=object)

    async def go() -> Any:
        try:
            return [await endpoint.call(openai, "m", work) for _ in range(times)][-1]
        finally:
            await endpoint.aclose()

    return asyncio.run(go())
