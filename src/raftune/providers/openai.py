"""Any OpenAI-compatible endpoint, by the openai SDK: OpenAI, Azure's v1 endpoint, vLLM, Ollama, llama.cpp's server."""

import json
import logging
from typing import Any

from raftune.contracts import ChatReply, ChatRequest
from raftune.endpoints.chat_stream import gathered
from raftune.endpoints.chat_wire import (
    Capability,
    arguments_of,
    capability_of,
    lesser,
    names_schema,
    note,
    remember_capability,
    reply_of,
    taken_by,
)
from raftune.endpoints.endpoint import Endpoint, import_sdk
from raftune.endpoints.explaining import is_filtered, no_completion
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import BadReply, ProviderError

PATH = "/chat/completions"
UNFIT = frozenset({400, 413, 422})
FILTERED = ChatReply(text="", finish_reason="content_filter", prompt_tokens=0, completion_tokens=0)

log = logging.getLogger("raftune.openai")


class OpenAIModel:
    """Chat completions of an endpoint. What it refuses (a schema, a parameter) is found out once and remembered."""

    def __init__(self, endpoint: Endpoint, memory: EndpointMemory) -> None:
        self.endpoint = endpoint
        self.memory = memory
        self.name = endpoint.address.name
        self._proved: set[tuple[str, str]] = set()
        self._echoes: set[tuple[str, str]] = set()
        self._replied: set[tuple[str, bool]] = set()
        self._answered = False

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply, with the endpoint's finish_reason or why there is no text. Raises ProviderError."""
        openai = import_sdk()
        known = tried = self.capability(request.model)
        doubtful = False
        while True:
            try:
                reply = await self.asked(openai, request, tried)
            except openai.APIStatusError as error:
                self._answered = True
                if is_filtered(error):
                    return FILTERED
                left = self.left(known, tried, error, request)
                if left is None:
                    raise self.fault(openai, error, request) from error
                doubtful = doubtful or (left.way != tried.way and not names_schema(error))
                known, tried = self.capability(request.model), left
            else:
                self.learn(request, known, tried, doubtful=doubtful)
                return reply

    def left(self, known: Capability, tried: Capability, error: Any, request: ChatRequest) -> Capability | None:
        """What is left to try after a refusal: what another request has found out meanwhile, or the next thing."""
        now = self.capability(request.model)
        return tried.joined(now) if now != known and tried.joined(now) != tried else lesser(tried, error, request)

    def fault(self, openai: Any, error: Any, request: ChatRequest) -> ProviderError:
        """The error for a refusal: of this row alone, where others of its kind were answered."""
        fault = self.endpoint.explain(openai, error, request.model)
        if error.status_code in UNFIT and kind_of(request) in self._replied and not isinstance(fault, BadReply):
            return BadReply(fault.message, fault.advice, "refused")
        return fault

    async def asked(self, openai: Any, request: ChatRequest, capability: Capability) -> ChatReply:
        """The reply to a request as an endpoint of that capability takes it. Raises the SDK's errors of a status."""
        body = arguments_of(request, capability)
        completion = await self.endpoint.call(openai, request.model, lambda client: self.sent(openai, client, body))
        reply = reply_of(completion, schema=request.reply_schema is not None)
        self._answered = True
        self._replied.add(kind_of(request))
        self.heard(request.model, completion.get("model"))
        return reply

    async def sent(self, openai: Any, client: Any, body: dict[str, Any]) -> Any:
        """The completion as JSON, whether it comes whole or piece by piece. Raises ProviderError for what is none."""
        if self.endpoint.address.stream:
            wanted = {**body, "stream": True, "stream_options": {"include_usage": True}}
            streams = openai.AsyncStream[object]
            async with await client.post(PATH, body=wanted, cast_to=object, stream=True, stream_cls=streams) as pieces:
                return await gathered(pieces)
        import httpx2

        # The answer as it came: the SDK's models would take about a quarter more time, and end in a wrong shape.
        response = await client.post(PATH, body=body, cast_to=httpx2.Response)
        try:
            return json.loads(response.content)
        except (ValueError, RecursionError) as error:
            if not self._answered and response.content.lstrip()[:1] == b"<":
                raise ProviderError(
                    f"{self.endpoint.address.place} answers with a web page.",
                    "Check base_url: for most servers it ends in /v1.",
                ) from error
            raise no_completion() from error

    def learn(self, request: ChatRequest, known: Capability, tried: Capability, *, doubtful: bool) -> None:
        """Remembers what a request got through by. One that was refused without a word is no proof against a way that
        others get through by.
        """
        if request.reply_schema is not None:
            self._proved.add((request.model, tried.way))
        if tried != known and not (doubtful and (request.model, known.way) in self._proved):
            remember_capability(self.memory, self.name, request.model, tried)

    def capability(self, model: str) -> Capability:
        """What is known about a model at this endpoint."""
        return capability_of(self.memory, self.name, model)

    def heard(self, model: str, echoed: Any) -> None:
        """Notes the name by which the endpoint answers: a gateway may send a model to another one."""
        known = self.memory.recall(taken_by(self.name, model)).get("answers_as", model)
        if isinstance(echoed, str) and echoed and echoed != known:
            note(self.memory, self.name, model, answers_as=echoed)
            if not echoed.startswith(model) and (model, echoed) not in self._echoes:
                self._echoes.add((model, echoed))
                log.warning("%s: asked for %s, %s answers", self.endpoint.address.place, model, echoed)

    async def aclose(self) -> None:
        """Closes the connections, and returns when they are."""
        await self.endpoint.aclose()

    def close(self) -> None:
        """Closes the connections; inside a running event loop, as soon as that gets to it."""
        self.endpoint.close()


def kind_of(request: ChatRequest) -> tuple[str, bool]:
    """Requests of a kind ask the same model, with a schema or without."""
    return request.model, request.reply_schema is not None


def plug(endpoint: Endpoint, memory: EndpointMemory) -> OpenAIModel:
    """The model behind an endpoint."""
    return OpenAIModel(endpoint, memory)
