"""Texts one after the other by transformers' own loop, for models whose attention texts cannot share."""

import asyncio
import threading
import warnings
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raftune.contracts import ChatMessage
from raftune.errors import BadReply, ConfigError
from raftune.generating.request import Generation, Piece, Sampling
from raftune.generating.spelling import Spelling
from raftune.models.chat import prompt_text, token_ids
from raftune.models.extras import optional
from raftune.models.weights import ending_ids, load_model, load_tokenizer, quiet


class Plain:
    """A folder of safetensors on this machine; see `Generator` for its methods. A text comes in one piece.

    `weights`: a folder with other weights than the model's own.
    """

    def __init__(self, folder: Path, *, context: int, threads: int = 0, weights: Path | None = None) -> None:
        self.tokenizer = load_tokenizer(folder)
        self.model = load_model(folder, weights)
        known = getattr(self.model.config.get_text_config(), "max_position_embeddings", None)
        self.context = min(context, known or context)
        self.threads = threads
        self.ends = ending_ids(self.model, self.tokenizer)
        self.adapters: dict[str, Path] = {}
        self._tuned: Any = None
        self._lock = threading.Lock()

    async def generate(self, generation: Generation) -> AsyncGenerator[Piece]:
        """The text, in one piece, once those before it are done."""
        yield await asyncio.to_thread(self.made, generation)

    def made(self, generation: Generation) -> Piece:
        """The text of a request. Raises BadReply, ConfigError."""
        sampling = generation.sampling
        if sampling.schema is not None or sampling.alternatives is not None:
            raise ConfigError("This model gives neither texts by a schema nor probabilities.", "Leave them out.")
        prompt = self.tokens_of(generation.messages)
        if len(prompt) >= self.context:
            raise BadReply(
                f"The prompt has {len(prompt)} tokens, the model reads {self.context} with its reply.",
                "Show shorter documents, or raise the context.",
                "prompt too long",
            )
        with self._lock, self.adapted(generation.adapter) as model:
            tokens = self.continued(prompt, sampling, model)
        ended = tokens[-1] in self.ends
        spelling = Spelling(lambda ids: str(self.tokenizer.decode(ids, skip_special_tokens=True)), sampling.stop)
        pieces = [spelling.add(token) for token in tokens[: len(tokens) - ended] if not spelling.stopped]
        text = "".join([*pieces, spelling.end()])
        reason = "stop" if ended or spelling.stopped else "length"
        return Piece(text, (), reason, len(prompt), len(tokens) - ended)

    @contextmanager
    def adapted(self, name: str) -> Iterator[Any]:
        """The model, with an adapter or without one inside. Raises ConfigError for one that is not open."""
        if not name and self._tuned is not None:
            with self._tuned.disable_adapter():
                yield self._tuned
            return
        if name and name not in self.adapters:
            raise ConfigError(f"There is no adapter {name!r}.", "Open it first.")
        if name:
            self._tuned.set_adapter(name)
        yield self._tuned if name else self.model

    def continued(self, prompt: list[int], sampling: Sampling, model: Any) -> list[int]:
        """The ids that follow `prompt`, at least one."""
        torch = optional("torch", "train")
        ids = torch.tensor([prompt])
        how: dict[str, Any] = {"do_sample": False}
        if sampling.temperature:
            how = {"do_sample": True, "temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}
        ends = sorted(self.ends)
        with torch.random.fork_rng(), torch.inference_mode():
            if self.threads:
                torch.set_num_threads(self.threads)
            torch.manual_seed(sampling.seed % 2**63)
            output = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=min(sampling.max_tokens, self.context - len(prompt)),
                eos_token_id=ends,
                pad_token_id=ends[0] if ends else 0,
                **how,
            )
        return list(output[0, len(prompt) :].tolist())

    def tokens_of(self, messages: Sequence[ChatMessage]) -> list[int]:
        """The ids of a conversation, the opening of its answer included."""
        pairs = [(message.role, message.content) for message in messages]
        return token_ids(self.tokenizer, prompt_text(self.tokenizer, pairs))

    def prompt_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """How many tokens a conversation has."""
        return len(self.tokens_of(messages))

    def open_adapter(self, name: str, folder: Path) -> None:
        """Opens the PEFT folder of an adapter under a name."""
        peft = optional("peft", "train")
        with self._lock, quiet():
            if self._tuned is None:
                self._tuned = peft.PeftModel.from_pretrained(self.model, str(folder), adapter_name=name)
            else:
                self._tuned.load_adapter(str(folder), adapter_name=name)
            self._tuned.eval()
            self.adapters[name] = folder

    def close_adapter(self, name: str) -> None:
        """Forgets an adapter."""
        with self._lock:
            if self.adapters.pop(name, None) is not None:
                with warnings.catch_warnings():  # of which adapter is on: each request chooses its own
                    warnings.simplefilter("ignore", UserWarning)
                    self._tuned.delete_adapter(name)

    def close(self) -> None:
        """Frees the model."""
        with self._lock:
            self.model = self._tuned = None
