"""Answers with a folder of safetensors by torch, one request at a time: for models that have no GGUF."""

import asyncio
import threading
from pathlib import Path
from typing import Any

from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import BadReply, ProviderError
from raftune.models.chat import prompt_text, token_ids
from raftune.models.extras import optional
from raftune.models.weights import load_model, load_tokenizer


class Transformers:
    """A model folder with a PEFT adapter folder on it if given; opened by the first request, freed by `close`."""

    def __init__(self, folder: Path, adapter: Path | None = None) -> None:
        self.folder, self.adapter = folder, adapter
        self._model: Any = None
        self._tokenizer: Any = None
        self._lock = threading.Lock()

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply; greedy at temperature 0, else drawn from the request's seed.

        Raises BadReply if the prompt is too long, ProviderError if a schema is asked for.
        """
        if request.reply_schema is not None:
            raise ProviderError("transformers cannot follow a reply schema.", "Use a GGUF model or an endpoint.")
        return await asyncio.to_thread(self.answer, request)

    def answer(self, request: ChatRequest) -> ChatReply:
        """The reply, while other requests wait."""
        with self._lock:
            if self._model is None:
                self._tokenizer = load_tokenizer(self.folder)
                self._model = load_model(self.folder, self.adapter)
            messages = [(message.role, message.content) for message in request.messages]
            prompt = token_ids(self._tokenizer, prompt_text(self._tokenizer, messages))
            made = self.generated(prompt, request)
            ends = ending_ids(self._model, self._tokenizer)
            text = self._tokenizer.decode(made[:-1] if made[-1] in ends else made, skip_special_tokens=True)
        reason = "stop" if made[-1] in ends else "length"
        return ChatReply(text=text, finish_reason=reason, prompt_tokens=len(prompt), completion_tokens=len(made))

    def generated(self, prompt: list[int], request: ChatRequest) -> list[int]:
        """The ids that follow `prompt`, at least one. Raises BadReply if they do not fit into the model's context."""
        torch = optional("torch", "train")
        limit = self._model.config.max_position_embeddings
        if len(prompt) + request.max_tokens > limit:
            raise BadReply(
                f"The prompt has {len(prompt)} tokens, and {request.max_tokens} are asked for, of {limit} in all.",
                "Show shorter documents or ask for fewer tokens.",
                "prompt too long",
            )
        ids = torch.tensor([prompt])
        sampling: dict[str, Any] = {"do_sample": False}
        if request.temperature:
            sampling = {"do_sample": True, "temperature": request.temperature}
        ends = sorted(ending_ids(self._model, self._tokenizer))
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(request.seed)
            output = self._model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=request.max_tokens,
                eos_token_id=ends,
                pad_token_id=ends[0] if ends else 0,
                **sampling,
            )
        return list(output[0, len(prompt) :].tolist())

    def close(self) -> None:
        """Frees the model; a later request opens it again."""
        with self._lock:
            self._model = self._tokenizer = None


def ending_ids(model: Any, tokenizer: Any) -> set[int]:
    """The ids that end a reply: the tokenizer's and those of the generation settings."""
    configured = model.generation_config.eos_token_id
    several = configured if isinstance(configured, list) else [configured]
    return {token for token in (tokenizer.eos_token_id, *several) if token is not None}


plug = Transformers
