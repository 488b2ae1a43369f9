"""A model behind a limiter: requests cost what they read and what they may write."""

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.endpoints.memory import EndpointMemory
from raftune.limiting.limiter import Limiter
from raftune.wrappers.limited import LimitedModel
from tests.virtual_time import run


class Told:
    """Replies at once, and says that prompts are half as long as they were thought to be."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        return ChatReply(text="Yes", finish_reason="stop", prompt_tokens=50, completion_tokens=1)


def test_prompt_and_room_are_taken_from_the_quota_and_estimates_mended() -> None:
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=900)
    limiter = Limiter("m", EndpointMemory(None), tokens_per_minute=60_000)
    model = LimitedModel(Told(), limiter, lambda _: 100)

    async def work() -> float:
        await model.complete(request)
        before = limiter.buckets["tokens"].level
        reply = await model.complete(request)
        assert reply.text == "Yes"
        return before

    assert run(work()) < 1.0
    assert limiter.scale < 1.0
