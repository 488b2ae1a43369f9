import asyncio

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.errors import ProviderError, Unavailable
from raftune.providers.recorded import plug


def test_every_call_is_refused_with_advice() -> None:
    request = ChatRequest(model="gpt", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=5)
    with pytest.raises(ProviderError, match="not in the project's ledger") as caught:
        asyncio.run(plug().complete(request))
    assert "[teacher]" in caught.value.advice
    assert not isinstance(caught.value, Unavailable)
