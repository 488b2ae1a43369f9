"""Bounded answers over many small pools; proxies by the environment, never for this machine."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from raftune.endpoints import transport
from raftune.endpoints.endpoint import ignore
from raftune.endpoints.transport import BoundedStream, Compressed, SpreadTransport, TooBig, client_for, proxy_for
from raftune.errors import ConfigError
from tests.servers.openai import serving

BODY = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_request_goes_to_the_least_busy_pool_and_frees_it() -> None:
    async def go(url: str) -> tuple[list[int], list[int]]:
        async with client_for(url, ignore, {}, 10) as client:
            spread: Any = client._transport
            waiting = [asyncio.ensure_future(client.post(f"{url}/chat/completions", json=BODY)) for _ in range(40)]
            await asyncio.sleep(0.3)
            busy = list(spread.busy)
            await asyncio.gather(*waiting)
            return busy, list(spread.busy)

    with serving(latency=0.8) as server:
        busy, after = asyncio.run(go(server.url))
    assert sum(busy) == 40
    assert max(busy) - min(busy) <= 1
    assert after == [0] * transport.POOLS


@pytest.mark.parametrize(("fault", "error"), [("huge_body", TooBig), ("gzip_bomb", Compressed)])
def test_an_answer_without_end_is_given_up(fault: str, error: type[Exception]) -> None:
    async def go(url: str) -> None:
        async with httpx2.AsyncClient(transport=SpreadTransport(url, ignore, most=1 << 20)) as client:
            await client.post(f"{url}/chat/completions", json=BODY)

    with serving(fault) as server, pytest.raises(error):
        asyncio.run(go(server.url))


@pytest.mark.parametrize(("most", "kept"), [(10, True), (9, False)])
def test_the_bound_is_exact_and_the_end_is_told_once(most: int, *, kept: bool) -> None:
    ended: list[bool] = []

    class Parts(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"12345"
            yield b"67890"

    async def go() -> bytes:
        stream = BoundedStream(Parts(), most, lambda: ended.append(True))
        try:
            return b"".join([part async for part in stream])
        finally:
            await stream.aclose()
            await stream.aclose()

    if kept:
        assert asyncio.run(go()) == b"1234567890"
    else:
        with pytest.raises(TooBig):
            asyncio.run(go())
    assert ended == [True]


def test_a_redirect_is_not_followed() -> None:
    async def go(url: str) -> int:
        async with client_for(url, ignore, {"Authorization": "Bearer x"}, 5) as client:
            return (await client.post(f"{url}/chat/completions", json=BODY)).status_code

    with serving("redirect") as server:
        assert asyncio.run(go(server.url)) == 307


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://api.openai.com/v1") is None
    monkeypatch.setenv("https_proxy", "proxy:3128")
    assert proxy_for("https://api.openai.com/v1") == "http://proxy:3128"
    assert proxy_for("https://localhost/v1") is None
    assert proxy_for("http://models.example/v1") is None
    monkeypatch.setenv("all_proxy", "http://other:1")
    assert proxy_for("http://models.example/v1") == "http://other:1"
    monkeypatch.setenv("no_proxy", "models.example")
    assert proxy_for("http://models.example/v1") is None


@pytest.mark.parametrize("proxy", ["socks5://name:sekret@127.0.0.1:9", "nonsense::", "gopher://proxy:1"])
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(ConfigError, match="proxy") as caught:
        client_for("http://models.example/v1", ignore, {}, 5)
    assert "sekret" not in str(caught.value)


def test_requests_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go(url: str) -> Any:
        async with client_for(url, ignore, {}, 5) as client:
            return (await client.post(f"{url}/chat/completions", json=BODY)).json()

    with serving() as server:
        monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
        asyncio.run(go("http://models.example/v1"))
        assert server.headers[0]["host"] == "models.example"
