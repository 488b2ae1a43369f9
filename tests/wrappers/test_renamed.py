import asyncio

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.wrappers.renamed import RenamedModel


def test_the_endpoint_hears_its_own_name() -> None:
    class Named:
        async def complete(self, request: ChatRequest) -> ChatReply:
            return ChatReply(text=request.model, finish_reason="stop", prompt_tokens=1, completion_tokens=1)

    request = ChatRequest(model="abc+def", messages=(ChatMessage(role="user", content="Hello"),), max_tokens=5)
    reply = asyncio.run(RenamedModel(Named(), "tuned").complete(request))
    assert (reply.text, request.model) == ("tuned", "abc+def")
