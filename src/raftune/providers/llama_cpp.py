"""Answers with a GGUF model in this process by llama.cpp, with a GGUF adapter on it if given."""

import asyncio
import os
import secrets
import threading
from pathlib import Path
from typing import Any

from raftune.contracts import ChatReply, ChatRequest
from raftune.digest import Json
from raftune.errors import BadReply, ProviderError
from raftune.models.extras import optional

SILENT = -1
CONTEXT = 4096
TOO_LONG = "exceed_context_size_error"


class LlamaCpp:
    """A llama.cpp server in this process, started by the first request and freed by `close`.

    `slots` requests are worked on together, each with `context` tokens for prompt and reply. One slot reads a
    prefix that consecutive prompts share only once; more slots each read it for themselves.
    """

    def __init__(
        self, gguf: Path, adapter: Path | None = None, *, slots: int = 1, context: int = CONTEXT, threads: int = 0
    ) -> None:
        self.gguf, self.adapter = gguf, adapter
        self.slots, self.context, self.threads = slots, context, threads
        self.tokens_read = self.tokens_reused = 0
        self._server: Any = None
        self._lock = threading.Lock()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply; greedy at temperature 0. Raises ProviderError, or BadReply if the prompt is too long."""
        return reply_of(await asyncio.to_thread(self.ask, request))

    def ask(self, request: ChatRequest) -> Json:
        """llama.cpp's answer to a request. Raises ProviderError if the model does not open or refuses it."""
        try:
            answer = self.server().handle_chat_completions(body_of(request))
        except ValueError as error:
            raise ProviderError(f"llama.cpp refuses the request ({error}).", "Check its schema.") from error
        timings = answer.get("timings", {})
        with self._lock:
            self.tokens_read += timings.get("prompt_n", 0)
            self.tokens_reused += timings.get("cache_n", 0)
        return answer

    def server(self) -> Any:
        """The server, started if there is none."""
        with self._lock:
            if self._server is None:
                self._server = start(self)
            return self._server

    def close(self) -> None:
        """Frees the model and its threads; a later request starts them again."""
        with self._lock:
            self._server = None


def start(settings: LlamaCpp) -> Any:
    """A running server. Raises MissingExtra without xllamacpp, ProviderError if the files cannot be opened."""
    llama = optional("xllamacpp", "local")
    parameters = llama.CommonParams()
    parameters.model.path = str(settings.gguf)
    parameters.n_parallel = settings.slots
    parameters.n_ctx = settings.slots * settings.context
    parameters.verbosity = SILENT
    parameters.fit_params = parameters.warmup = parameters.ui = parameters.endpoint_slots = False
    parameters.cache_ram_mib = 0
    # The server also listens on a port of this machine: nobody is told the key.
    parameters.api_keys = [secrets.token_hex()]
    threads = settings.threads or os.cpu_count() or 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    if settings.adapter is not None:
        adapter = llama.CommonAdapterLoraInfo()
        adapter.path, adapter.scale = str(settings.adapter), 1.0
        parameters.lora_adapters = [adapter]
    try:
        server = llama.Server(parameters)
    except RuntimeError as error:
        files = " with ".join(path.name for path in (settings.gguf, settings.adapter) if path)
        raise ProviderError(
            f"llama.cpp cannot open {files}.", "Check that they are whole and belong together."
        ) from error
    # A server that is freed before its thread is at work never ends; an answer shows that it is.
    server.handle_completions({"prompt": [0], "max_tokens": 1})
    return server


def body_of(request: ChatRequest) -> dict[str, Json]:
    """The request in llama.cpp's words."""
    body: dict[str, Json] = {
        "messages": [message.model_dump() for message in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "cache_prompt": True,
    }
    if request.reply_schema is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"schema": request.reply_schema}}
    return body


def reply_of(answer: Json) -> ChatReply:
    """The reply in llama.cpp's answer. Raises BadReply for a prompt that is too long, else ProviderError."""
    if "error" in answer:
        error = answer["error"]
        if error.get("type") == TOO_LONG:
            raise BadReply(
                f"The prompt has {error.get('n_prompt_tokens')} tokens, the student reads {error.get('n_ctx')}.",
                "Raise the context of the student or show shorter documents.",
                "prompt too long",
            )
        raise ProviderError(f"llama.cpp failed: {error.get('message')}.", "Try again; if it stays, report it.")
    choice = answer["choices"][0]
    return ChatReply(
        text=choice["message"]["content"] or "",
        finish_reason=choice["finish_reason"],
        prompt_tokens=answer["usage"]["prompt_tokens"],
        completion_tokens=answer["usage"]["completion_tokens"],
    )


plug = LlamaCpp
