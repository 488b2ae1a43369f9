"""Jobs at a platform looked after, against the service's own fine-tuning API."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from raftune.endpoints.endpoint import Address, Endpoint
from raftune.errors import ConfigError, ProviderError
from raftune.hosting.job_control import change, checkpoints, job_meant, our_jobs
from raftune.hosting.platform import LABEL, Platform
from raftune.ledger import Ledger
from tests.hosting.double import Double, standing
from tests.hosting.hosted_jobs import Known
from tests.serving.running import TOKEN
from tests.serving.tuning import finished, started, tuning


class Token(Known):
    """The token of the service."""

    def value(self, name: str) -> str:
        return self.secret(TOKEN)


def at(url: str, folder: Path, work: Callable[[Platform], Awaitable[Any]], keys: Known | None = None) -> Any:
    ledger = Ledger(folder / "ledger.sqlite")
    platform = Platform(Endpoint(Address(f"{url}/v1", "THE_KEY", seconds=20.0), keys or Token()), ledger)

    async def working() -> Any:
        try:
            return await work(platform)
        finally:
            await platform.endpoint.aclose()

    try:
        return asyncio.run(working())
    finally:
        ledger.close()


def test_a_job_is_paused_resumed_and_cancelled(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        assert at(up.url, tmp_path, our_jobs) == []  # what takes time once is done before the clock matters
        job = started(client, 40, metadata={LABEL: "one"})
        somebodys = started(client, 50)
        finished(client, job, ("running",))
        assert [one.id for one in at(up.url, tmp_path, our_jobs)] == [job]
        assert at(up.url, tmp_path, lambda platform: change(platform, somebodys, "cancel")).status == "cancelled"
        assert at(up.url, tmp_path, lambda platform: change(platform, "", "pause")).status in ("pausing", "paused")
        finished(client, job, ("paused",))
        with pytest.raises(ConfigError, match="does not pause"):
            at(up.url, tmp_path, lambda platform: change(platform, job, "pause"))
        assert at(up.url, tmp_path, lambda platform: change(platform, "", "resume")).status == "queued"
        assert finished(client, job).status == "succeeded"
        found, listed = at(up.url, tmp_path, lambda platform: checkpoints(platform, ""))
        assert found.id == job
        steps = [one.step_number for one in listed]
        assert steps == sorted(steps)
        assert steps


def test_a_job_that_is_not_there(tmp_path: Path) -> None:
    with tuning(tmp_path) as up:
        with pytest.raises(ConfigError, match="No job"):
            at(up.url, tmp_path, lambda platform: job_meant(platform, ""))
        with pytest.raises(ConfigError, match="has no job ftjob-nothing"):
            at(up.url, tmp_path, lambda platform: job_meant(platform, "ftjob-nothing"))


def test_other_refusals_keep_their_words(tmp_path: Path) -> None:
    double = Double(refusals={"GET ftjob-0": [(403, {"error": {"message": "not yours"}})]})
    with standing(double) as address, pytest.raises(ProviderError) as caught:
        at(address, tmp_path, lambda platform: job_meant(platform, "ftjob-0"), Known())
    assert not isinstance(caught.value, ConfigError)
