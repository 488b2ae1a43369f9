"""Who is let in: each refusal beside the same request that is answered."""

import http.client
import json
from pathlib import Path

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.serving.security import LOOPBACK, host_of, is_loopback
from tests.serving.running import TOKEN, Running, running

ROUTES = [
    ("GET", "/v1/models"),
    ("GET", "/v1/models/harbour"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/nowhere"),
]


def get(up: Running, method: str = "GET", path: str = "/v1/models", **headers: str) -> tuple[int, dict]:
    """Status and body of an answer; a header whose value is "" is left out."""
    connection = http.client.HTTPConnection("127.0.0.1", up.port, timeout=10)
    sent = {"Authorization": f"Bearer {TOKEN}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    connection.request(method, path, headers={name: text for name, text in sent.items() if text})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body.startswith(b"{") else {}


def test_the_key_of_a_client(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        assert up.own.models.list().data
        for wrong in ("wrong", TOKEN + "x", TOKEN[:-1], TOKEN.upper()):
            with up.client(api_key=wrong) as client, pytest.raises(openai.AuthenticationError) as caught:
                client.models.list()
            assert caught.value.code == "invalid_api_key"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nothing_is_open_without_a_token(tmp_path: Path, method: str, path: str) -> None:
    with running(tmp_path) as up:
        assert get(up, method, path, Authorization="")[0] == 401
        assert get(up, method, path, Authorization=f"Basic {TOKEN}")[0] == 401
        assert get(up, method, path, Authorization="Bearer 토큰".encode().decode("latin-1"))[0] == 401
        assert get(up, method, path)[0] != 401


def test_health_needs_no_token(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        for path in ("/health/live", "/health/ready"):
            assert get(up, "GET", path, Authorization="") == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "@", "[::1", "10.0.0.1"]
)
def test_another_host_is_refused(tmp_path: Path, host: str) -> None:
    with running(tmp_path) as up:
        status, body = get(up, Host=host)
        assert (status, body["error"]["code"]) == (403, "wrong_host")
        for own in LOOPBACK:
            assert get(up, Host=f"[{own}]:{up.port}" if ":" in own else own)[0] == 200
    with running(tmp_path, hosts=("10.0.0.1",)) as up:
        assert get(up, Host="10.0.0.1:80")[0] == 200


def test_the_openai_client_is_told_of_a_wrong_host(tmp_path: Path) -> None:
    with running(tmp_path) as up, pytest.raises(openai.PermissionDeniedError):
        up.own.models.list(extra_headers={"Host": "evil.example"})


def test_pages_of_other_origins_are_refused(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
            status, body = get(up, **headers)
            assert (status, body["error"]["code"]) == (403, "wrong_origin")
        assert get(up, Origin=f"http://127.0.0.1:{up.port}")[0] == 200
        assert get(up, Sec_Fetch_Site="same-origin")[0] == 200
        assert get(up, Sec_Fetch_Site="none")[0] == 200


def test_a_page_that_was_allowed_may_ask(tmp_path: Path) -> None:
    page = "https://intranet.example"
    asked = {"Origin": page, "Access_Control_Request_Method": "POST", "Authorization": ""}
    with running(tmp_path, origins=(page,)) as up:
        assert get(up, "OPTIONS", "/v1/chat/completions", **asked)[0] == 200
        assert get(up, Origin=page)[0] == 200
        assert get(up, Origin=page, Authorization="")[0] == 401
        assert get(up, Origin="https://evil.example")[0] == 403


@given(st.text())
def test_any_host_header_is_read(text: str) -> None:
    assert isinstance(host_of(text), str)


def test_addresses_of_this_machine() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.9.1", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "10.1.1.1", "example.org", ""))
