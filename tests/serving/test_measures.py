"""The figures of a service, as Prometheus reads them."""

import asyncio
from pathlib import Path

import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving.routes.test_chat import ASKED, ask, until
from tests.serving.running import BASE, Running, running
from tests.serving.scripted import Scripted


def figures(up: Running) -> dict[str, float]:
    """The figures that the service gives out, by name and labels."""
    text = up.service.measures.page().decode()
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_tokens_are_counted(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        ask(up)
        list(ask(up, stream=True, n=2))
        with pytest.raises(openai.NotFoundError):
            ask(up, model="x" * 50)
        until(lambda: up.service.measures.in_flight._value.get() == 0)
        found = figures(up)
    assert found["raftune_requests_total['/v1/chat/completions', '200']"] == 2
    assert found["raftune_requests_total['/v1/chat/completions', '404']"] == 1
    assert found[f"raftune_tokens_total['completion', '{BASE}']"] == 15
    assert found[f"raftune_tokens_total['{BASE}', 'prompt']"] == 10
    assert found[f"raftune_first_token_seconds_count['{BASE}']"] == 2
    assert found["raftune_generating[]"] == found["raftune_waiting[]"] == found["raftune_in_flight[]"] == 0


def test_the_line_is_seen(tmp_path: Path) -> None:
    async def crowd(up: Running) -> dict[str, float]:
        async with up.async_client() as client:
            asked = [client.chat.completions.create(model=BASE, messages=ASKED) for _ in range(3)]  # type: ignore[arg-type]
            waiting = asyncio.gather(*asked)
            await asyncio.sleep(0.15)
            found = figures(up)
            await waiting
            return found

    with running(tmp_path, Scripted(delay=0.1), at_once=1) as up:
        found = asyncio.run(crowd(up))
    assert (found["raftune_generating[]"], found["raftune_waiting[]"], found["raftune_in_flight[]"]) == (1, 2, 3)
