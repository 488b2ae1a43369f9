"""Health, readiness and figures."""

import asyncio
import urllib.error
import urllib.request
from pathlib import Path

from tests.serving.running import BASE, TOKEN, Running, running
from tests.serving.scripted import Scripted


def status(up: Running, path: str, token: str = "") -> tuple[int, str]:
    request = urllib.request.Request(up.url + path, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_service_that_is_up(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        assert status(up, "/health/live")[0] == status(up, "/health/ready")[0] == 200
        assert "raftune_requests" in status(up, "/metrics", TOKEN)[1]
        assert status(up, "/metrics")[0] == 401


def test_a_service_without_models_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        up.service.catalogue.served.clear()
        assert status(up, "/health/ready")[0] == 503
        assert status(up, "/health/live")[0] == 200


def test_a_full_service_is_not_ready(tmp_path: Path) -> None:
    async def crowd(up: Running) -> int:
        async with up.async_client() as client:
            asked = [
                client.chat.completions.create(model=BASE, messages=[{"role": "user", "content": "x"}])
                for _ in range(2)
            ]
            waiting = asyncio.gather(*asked)
            await asyncio.sleep(0.15)
            found = await asyncio.to_thread(status, up, "/health/ready")
            await waiting
            return found[0]

    with running(tmp_path, Scripted(delay=0.1), at_once=1, waiting=1) as up:
        assert asyncio.run(crowd(up)) == 503
        assert status(up, "/health/ready")[0] == 200
