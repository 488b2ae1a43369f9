"""What comes over a connection is bounded: heads in size and time, bodies in size and time, connections in number."""

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serving.running import BASE, TOKEN, Running, running

HEAD = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
JSON = "Content-Type: application/json\r\n"
ASKED = json.dumps({"model": BASE, "messages": [{"role": "user", "content": "x"}]})


def connected(up: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", up.port), timeout=10)


def read(line: socket.socket) -> bytes:
    """All that comes until the other side closes; b"" where it broke off."""
    parts = []
    try:
        while part := line.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def send(up: Running, text: str) -> str:
    """What a request is answered; the connection is closed by the service after it."""
    with connected(up) as line:
        line.sendall(text.encode())
        return read(line).decode()


def chunked(*parts: str) -> str:
    return "".join(f"{len(part):x}\r\n{part}\r\n" for part in parts) + "0\r\n\r\n"


def test_a_request_by_hand(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        body = f"Connection: close\r\nContent-Length: {len(ASKED)}\r\n\r\n{ASKED}"
        assert "73 ports" in send(up, HEAD + JSON + body)
        assert "73 ports" in send(
            up, f"{HEAD}{JSON}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunked(ASKED)}"
        )


def test_slow_heads_are_cut_off(tmp_path: Path) -> None:
    with running(tmp_path, header_seconds=0.4) as up, connected(up) as line, connected(up) as silent:
        began = time.monotonic()
        line.sendall(b"POST /v1/chat")
        assert read(line) == read(silent) == b""
        assert 0.2 < time.monotonic() - began < 3


def drip(line: socket.socket, most: float) -> float:
    """Seconds until a head that never ends is not taken any more."""
    began = time.monotonic()
    line.sendall(HEAD.encode())
    while time.monotonic() - began < most:
        try:
            line.sendall(b"X-A: b\r\n")
        except ConnectionError:
            break
        time.sleep(0.05)
    return time.monotonic() - began


def test_dripping_heads_are_cut_off(tmp_path: Path) -> None:
    with running(tmp_path, header_seconds=0.4) as up, connected(up) as line:
        assert 0.3 < drip(line, 10) < 3


def test_the_second_head_on_a_connection_is_watched_too(tmp_path: Path) -> None:
    with running(tmp_path, header_seconds=0.4) as up, connected(up) as line:
        line.sendall(f"{HEAD}{JSON}Content-Length: {len(ASKED)}\r\n\r\n{ASKED}".encode())
        assert b"73 ports" in line.recv(65536)
        time.sleep(0.6)  # rest between two requests is not counted
        line.sendall(HEAD.encode())
        began = time.monotonic()
        assert read(line) == b""
        assert time.monotonic() - began < 3


def test_slow_bodies_are_cut_off(tmp_path: Path) -> None:
    with running(tmp_path, body_seconds=0.4) as up, connected(up) as line:
        began = time.monotonic()
        line.sendall(f"{HEAD}{JSON}Content-Length: 100\r\n\r\n{{".encode())
        answer = line.recv(65536).decode()
        assert answer.startswith("HTTP/1.1 408")
        assert json.loads(answer.partition("\r\n\r\n")[2])["error"]["code"] == "request_timeout"
        assert 0.2 < time.monotonic() - began < 3
        assert up.generator.asked == []


@pytest.mark.parametrize("way", ["said", "chunked"])
def test_large_bodies_are_refused(tmp_path: Path, way: str) -> None:
    with running(tmp_path, body_megabytes=0.1) as up:
        for size, status in ((50_000, 404), (200_000, 413)):
            body = json.dumps({"model": "none", "messages": [{"role": "user", "content": "x" * size}]})
            said = f"Content-Length: {len(body)}\r\n\r\n{body}"
            parts = (
                f"Transfer-Encoding: chunked\r\n\r\n{chunked(*(body[i : i + 9999] for i in range(0, len(body), 9999)))}"
            )
            with connected(up) as line:
                line.sendall(f"{HEAD}{JSON}{said if way == 'said' else parts}".encode())
                answer = line.recv(65536).decode()
            assert answer.startswith(f"HTTP/1.1 {status}"), answer


def test_a_body_that_is_said_to_be_large_is_not_waited_for(tmp_path: Path) -> None:
    with running(tmp_path) as up, connected(up) as line:
        line.sendall(f"{HEAD}{JSON}Content-Length: 99999999999\r\n\r\n".encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 413")


def test_a_large_upload_reads_why_it_is_refused(tmp_path: Path) -> None:
    import openai

    with running(tmp_path, body_megabytes=1) as up:
        with pytest.raises(openai.APIStatusError) as caught:
            up.own.chat.completions.create(model=BASE, messages=[{"role": "user", "content": "x" * 5_000_000}])
        assert caught.value.status_code == 413
        assert up.own.models.list().data


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "invalid_json"),
        ("", "invalid_type"),
        ("[1]", "invalid_type"),
        ('"x"', "invalid_type"),
        ("\x00", "invalid_json"),
    ],
)
def test_malformed_bodies(tmp_path: Path, body: str, code: str) -> None:
    with running(tmp_path) as up:
        answer = send(up, f"{HEAD}{JSON}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}")
        assert answer.startswith("HTTP/1.1 400")
        assert json.loads(answer.partition("\r\n\r\n")[2])["error"]["code"] in (
            code,
            "invalid_value",
            "missing_required_parameter",
        )


def test_deeply_nested_json(tmp_path: Path) -> None:
    body = '{"model":' + "[" * 100_000 + "]" * 100_000 + "}"
    with running(tmp_path) as up:
        answer = send(up, f"{HEAD}{JSON}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}")
        assert answer.startswith("HTTP/1.1 400"), answer[:300]


@pytest.mark.parametrize("text", ["nonsense\r\n\r\n", "\x16\x03\x01\x00", "GET /\x00 HTTP/1.1\r\n\r\n"])
def test_what_is_no_http(tmp_path: Path, text: str) -> None:
    with running(tmp_path, header_seconds=0.5) as up:
        answer = send(up, text)
        assert answer == "" or json.loads(answer.partition("\r\n\r\n")[2])["error"]["message"]
        assert up.own.models.list().data


def test_endless_heads_are_refused(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        answer = send(up, HEAD + "X-Long: " + "a" * 200_000)
        assert answer == "" or answer.startswith("HTTP/1.1 400")
        assert up.own.models.list().data


def test_connections_are_bounded(tmp_path: Path) -> None:
    with running(tmp_path, connections=3) as up, ExitStack() as lines:
        opened = [lines.enter_context(connected(up)) for _ in range(3)]
        with connected(up) as one_more:
            assert read(one_more).startswith(b"HTTP/1.1 503")
        for line in opened:
            line.close()
        time.sleep(0.2)
        assert up.own.models.list().data
