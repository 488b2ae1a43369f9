"""Each model behind the wrappers that fit it, and one limiter for an endpoint and model."""

import asyncio
from pathlib import Path

import pytest

from raftune.connections import Connections, price_for
from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.costs import Price
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ConfigError
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.roles import EmbedderConfig, ServedConfig, TeacherConfig
from raftune.wrappers.batched import BatchedModel
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.limited import LimitedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.renamed import RenamedModel
from raftune.wrappers.retried import RetriedModel
from raftune.wrappers.structured import StructuredModel

NEAR = "http://localhost:1/v1"


def connected(folder: Path) -> Connections:
    return Connections(folder, Ledger(folder / "ledger.sqlite"), Meter(), Keys(None), EndpointMemory(None))


def layers(model: object) -> list[type]:
    found = [type(model)]
    while (model := getattr(model, "model", None)) is not None and not isinstance(model, str):
        found.append(type(model))
    return found


def test_a_remote_model_is_guarded_in_this_order(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    model = opened.remote(TeacherConfig(provider="openai", model="m", base_url=NEAR), "m")
    assert layers(model)[:5] == [StructuredModel, CachedModel, RetriedModel, LimitedModel, MeteredModel]
    opened.ledger.close()


def test_batches_take_the_place_of_retries_and_limiter(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    model = opened.remote(TeacherConfig(provider="openai", model="m", base_url=NEAR, delivery="batch"), "m")
    assert layers(model)[:3] == [StructuredModel, CachedModel, BatchedModel]
    opened.ledger.close()


def test_a_served_student_is_asked_by_its_other_name_and_as_it_is(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    model = opened.served(ServedConfig(base_url=NEAR, base="small"), "small")
    assert layers(model)[:5] == [CachedModel, RetriedModel, LimitedModel, MeteredModel, RenamedModel]
    opened.ledger.close()


def test_roles_with_one_model_share_its_quota(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    for name in ("m", "m", "other"):
        opened.remote(TeacherConfig(provider="openai", model=name, base_url=NEAR), name)
    opened.embedder(EmbedderConfig(provider="openai", model="m", base_url=NEAR))
    assert sorted(opened.limiters) == ["localhost:1 m chat", "localhost:1 m embeddings", "localhost:1 other chat"]
    opened.ledger.close()


def test_the_roles_own_prices_come_first(tmp_path: Path) -> None:
    own = TeacherConfig(provider="openai", model="gpt-4o", base_url=NEAR, input_price=1.5, output_price=6.0)
    assert price_for(own, "gpt-4o", tmp_path) == Price(input=1.5, output=6.0, batch=0.5)
    assert price_for(TeacherConfig(), "nobody-knows", tmp_path) is None
    live, batched = (
        price_for(TeacherConfig(), "gpt-4o", tmp_path),
        price_for(TeacherConfig(delivery="batch"), "gpt-4o", tmp_path),
    )
    assert live is not None
    assert batched is not None
    assert batched.input == live.input / 2


def test_what_a_reply_took_stands_under_its_stage(tmp_path: Path) -> None:
    class Answering:
        closed = False

        async def complete(self, request: ChatRequest) -> ChatReply:
            return ChatReply(text="Yes.", finish_reason="stop", prompt_tokens=5, completion_tokens=1)

        def close(self) -> None:
            self.closed = True

    opened, bare = connected(tmp_path), Answering()
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hello"),), max_tokens=5)

    async def work() -> None:
        opened.enter("ask", refresh=False)
        await opened.local(bare).complete(request)
        await opened.release()

    asyncio.run(work())
    assert bare.closed
    assert opened.ledger.spent()["ask"].prompt_tokens == 5
    assert opened.meter.stages["ask"].requests == 1
    opened.ledger.close()


def test_a_local_model_needs_no_limiter(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    assert layers(opened.local(object()))[:3] == [CachedModel, RetriedModel, MeteredModel]  # type: ignore[arg-type]
    assert opened.limiters == {}
    opened.ledger.close()


def test_a_served_student_is_not_asked_by_batches(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    with pytest.raises(ConfigError, match="not asked by batches"):
        opened.served(ServedConfig(base_url=NEAR, base="small", delivery="batch"), "small")
    opened.ledger.close()


def test_a_tokenizer_is_opened_by_the_first_request_and_lies_in_the_project(tmp_path: Path) -> None:
    opened = connected(tmp_path)
    count = opened.counting(TeacherConfig(tokenizer="none.json"), "m")
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hello"),), max_tokens=5)
    with pytest.raises(ConfigError, match=str(tmp_path / "none.json")):
        count(request)
    assert opened.counting(TeacherConfig(tokenizer="o200k"), "m")(request) > 0
    opened.ledger.close()
