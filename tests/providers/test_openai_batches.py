import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest

from raftune.contracts import BatchState, ChatMessage, ChatReply, ChatRequest
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import BadReply, ProviderError, QueueFull, Unavailable
from raftune.providers.openai_batches import OpenAIBatches, plug
from tests.servers.openai import BatchRules, Server, serving

T = TypeVar("T")

SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
LINE_ENDS = "One line\u2028 another\x85 a third\x0b end"  # what str.splitlines takes for the end of a line


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(text=LINE_ENDS, batches=BatchRules(validating=0.0, working=0.0)) as running:
        yield running


def request(number: int = 0, *, schema: bool = False) -> ChatRequest:
    message = ChatMessage(role="user", content=f"Question {number}?")
    return ChatRequest(model="m", messages=(message,), max_tokens=50, reply_schema=SCHEMA if schema else None)


def use(url: str, work: Callable[[OpenAIBatches], Awaitable[T]], memory: EndpointMemory | None = None) -> T:
    async def go() -> T:
        batches = plug(Endpoint(Address(url, ""), Keys(None)), memory or EndpointMemory(None))
        try:
            return await work(batches)
        finally:
            batches.close()
            await asyncio.sleep(0.01)

    return asyncio.run(go())


async def done(batches: OpenAIBatches, *requests: ChatRequest) -> dict[str, ChatReply | ProviderError]:
    """What becomes of requests in one batch."""
    named = {str(number): one for number, one in enumerate(requests)}
    batch = await batches.submit([batches.line(name, one) for name, one in named.items()], "label")
    while not (state := await batches.state(batch)).ended:
        assert state == BatchState()
    return {name: outcome async for name, outcome in batches.results(batch, named)}


def test_a_batch_there_and_back(server: Server) -> None:
    found = use(server.url, lambda batches: done(batches, *map(request, range(5))))
    assert [reply.text for reply in found.values() if isinstance(reply, ChatReply)] == [LINE_ENDS] * 5
    assert server.batch_requests[0]["messages"] == [{"role": "user", "content": "Question 0?"}]
    assert server.batch_requests[0]["max_tokens"] == 50
    made = server.storage.of_kind("batch")[0]
    assert (made["metadata"], made["endpoint"]) == ({"raftune": "label"}, "/v1/chat/completions")


def test_a_batch_is_found_by_its_label_or_by_the_name_of_its_file(server: Server) -> None:
    async def go(batches: OpenAIBatches) -> None:
        lines = [batches.line("0", request())]
        made = [await batches.submit(lines, label) for label in ("one", "other")]
        assert [await batches.adopt("one"), await batches.adopt("other")] == made
        assert await batches.adopt("none") is None
        for batch in server.storage.of_kind("batch"):  # as at Azure, which may drop metadata
            server.storage.put({**batch, "metadata": None})
        assert await batches.adopt("one") == made[0]

    use(server.url, go)


def test_what_fails_in_a_line_may_be_sent_again(server: Server) -> None:
    server.batches.rules.failing = 1.0
    assert isinstance(use(server.url, lambda batches: done(batches, request()))["0"], Unavailable)
    assert isinstance(use(server.url, lambda batches: done(batches, request()))["0"], ChatReply)


def test_what_an_expired_batch_did_not_get_to_may_be_sent_again(server: Server) -> None:
    server.batches.rules.expiring = 1
    found = use(server.url, lambda batches: done(batches, *map(request, range(4))))
    assert [isinstance(found[name], ChatReply) for name in "0123"] == [True, True, False, False]
    assert isinstance(found["3"], Unavailable)


def test_one_bad_row_spoils_no_other(server: Server) -> None:
    answer, refusal = server.batches.answer, {"error": {"message": "Invalid schema", "code": None}}
    bad = request(1, schema=True)
    server.batches.answer = lambda endpoint, body: (
        (400, refusal) if "Question 1?" in str(body["messages"]) else answer(endpoint, body)
    )
    memory = EndpointMemory(None)
    found = use(server.url, lambda batches: done(batches, request(0, schema=True), bad), memory)
    assert isinstance(found["0"], ChatReply)
    assert isinstance(found["1"], BadReply)
    assert not memory.recall(f"{Address(server.url).name} m takes")


def test_a_form_that_is_refused_is_left_and_remembered_once_another_one_was_answered(server: Server) -> None:
    answer = server.batches.answer

    def refuse(endpoint: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        refused = "response_format" in body
        message = "response_format json_schema is not supported"
        return (400, {"error": {"message": message}}) if refused else answer(endpoint, body)

    server.batches.answer = refuse
    memory = EndpointMemory(None)

    async def go(batches: OpenAIBatches) -> list[ChatReply | ProviderError]:
        return [(await done(batches, request(turn, schema=True)))["0"] for turn in range(2)]

    first, second = use(server.url, go, memory)
    assert isinstance(first, Unavailable)
    assert isinstance(second, ChatReply)
    assert json.loads(use(server.url, lambda b: asyncio.sleep(0, b.line("0", request(schema=True))), memory))["body"][
        "tools"
    ]


def refusal(server: Server) -> ProviderError | None:
    async def go(batches: OpenAIBatches) -> ProviderError | None:
        batch = await batches.submit([batches.line("0", request())], "label")
        return (await batches.state(batch)).refused

    return use(server.url, go)


def test_a_queue_without_room_and_a_file_that_is_refused_differ(server: Server) -> None:
    server.batches.rules.enqueued_tokens = 10
    full = refusal(server)
    assert isinstance(full, QueueFull)
    assert full.tokens == 10
    server.batches.rules.enqueued_tokens = None
    server.batches.rules.invalid = 1
    invalid = refusal(server)
    assert type(invalid) is ProviderError
    assert "line 1" in invalid.message


def test_a_batch_that_is_gone_may_be_made_again_and_files_that_are_gone_are_empty(server: Server) -> None:
    async def go(batches: OpenAIBatches) -> None:
        assert isinstance((await batches.state("batch-000099")).refused, Unavailable)
        assert await done(batches, request())
        output = server.storage.of_kind("batch")[0]["output_file_id"]
        server.storage.delete(output)
        batch = server.storage.of_kind("batch")[0]["id"]
        assert [name async for name, _ in batches.results(batch, {})] == []

    use(server.url, go)


def test_replies_of_requests_that_are_not_known_here_are_read_too(server: Server) -> None:
    async def go(batches: OpenAIBatches) -> None:
        batch = await batches.submit([batches.line("0", request())], "label")
        assert (await batches.state(batch)).refused is None
        await batches.state(batch)
        assert [(name, type(reply)) async for name, reply in batches.results(batch, {})] == [("0", ChatReply)]

    use(server.url, go)


def test_an_endpoint_without_batches_says_so(server: Server) -> None:
    with pytest.raises(ProviderError, match="no Batch API") as caught:
        use(server.url.removesuffix("/v1") + "/other/v1x", lambda batches: done(batches, request()))
    assert not isinstance(caught.value, Unavailable)


def test_a_wrong_key_is_final_and_an_endpoint_that_is_away_is_not() -> None:
    with serving(key="right") as server, pytest.raises(ProviderError, match="refuses the key"):
        use(server.url, lambda batches: batches.state("batch-000001"))
    with pytest.raises(Unavailable):
        use("http://127.0.0.1:9/v1", lambda batches: batches.state("batch-000001"))


def test_azure_names_the_path_in_its_own_way() -> None:
    endpoint = Endpoint(Address("https://example.openai.azure.com/openai/v1/", ""), Keys(None))
    line = json.loads(plug(endpoint, EndpointMemory(None)).line("0", request()))
    assert line["url"] == "/chat/completions"
