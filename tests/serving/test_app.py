"""The application as a whole: its description, and what goes on beside the requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.serving.running import running


def test_what_goes_on_beside_the_requests(tmp_path: Path) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        seen.append("begun")
        try:
            yield
        finally:
            seen.append("ended")

    with running(tmp_path, parts={"background": (beside,)}) as up:
        assert seen == ["begun"]
        assert up.own.models.list().data
    assert seen == ["begun", "ended"]


def test_the_description_stands_behind_the_token(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        described = up.own._client.get(f"{up.url}/openapi.json", headers={"Authorization": f"Bearer {up.own.api_key}"})
        assert "/v1/chat/completions" in described.json()["paths"]
        assert up.own._client.get(f"{up.url}/openapi.json").status_code == 401


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_there_are_no_pages(tmp_path: Path, path: str) -> None:
    with running(tmp_path) as up:
        headers = {"Authorization": f"Bearer {up.own.api_key}"}
        assert up.own._client.get(up.url + path, headers=headers).status_code == 404
