"""Tiny requests that show whether a model answers, keeps to a schema, sees pictures, and makes embeddings."""

import base64
import io
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.debugging import clean
from raftune.digest import Json
from raftune.endpoints.chat_wire import capability_of, taken_by
from raftune.endpoints.endpoint import Endpoint
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ProviderError
from raftune.examining.check import Check
from raftune.examining.reaching import failed
from raftune.examining.subjects import Subject
from raftune.loose_json import json_values, without_thought
from raftune.registry import load
from raftune.roles import EmbedderConfig

ROOM = 256  # tokens: enough for a word after a short thought
SIDE = 32  # pixels
DIGIT = 7
SENTENCES = ("The harbour fee is due in March.", "항만 사용료는 3월에 납부한다.")
SAME = 0.999  # cosine: endpoints compute the same text in batches of other sizes
WAYS = {
    "schema": "takes a JSON schema",
    "bare schema": "takes a JSON schema without lengths and patterns",
    "tool": "takes the schema as a tool",
    "JSON mode": "takes no schema, but JSON mode: the schema goes into the prompt",
    "words": "takes no schema: it goes into the prompt",
}
SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {"number": {"type": "integer"}},
    "required": ["number"],
    "additionalProperties": False,
}


@dataclass
class Spent:
    """What the doctor's own requests took."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def add(self, prompt_tokens: int, completion_tokens: int = 0) -> None:
        """Counts a request in."""
        self.requests += 1
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens


@dataclass
class Trial:
    """A model that is tried; what it refuses is found out anew, whatever a run has learned."""

    subject: Subject
    endpoint: Endpoint
    spent: Spent
    memory: EndpointMemory = field(default_factory=lambda: EndpointMemory(None))

    async def checks(self) -> AsyncIterator[Check]:
        """Raises ProviderError where the first request is not answered."""
        if self.subject.kind == "embeddings":
            yield await self.embeddings()
            return
        model: ChatModel = load("providers", "openai")(self.endpoint, self.memory)
        if self.subject.kind == "vision":
            yield seen(self.subject.name, await self.asked(model, "Which digit is this? Reply with it alone.", digit()))
            return
        begun = time.monotonic()
        reply = await self.asked(model, "Reply with the word ready and nothing else.")
        yield replied(self.subject.name, reply, time.monotonic() - begun)
        yield usage(self.subject.name, reply)
        yield await self.schema(model)

    @property
    def answers_as(self) -> str:
        """The name by which the endpoint answered, "" where it is the model's own."""
        known = self.memory.recall(taken_by(self.endpoint.address.name, self.subject.model))
        return str(known.get("answers_as", ""))

    async def asked(
        self, model: ChatModel, words: str, picture: str = "", schema: dict[str, Json] | None = None
    ) -> ChatReply:
        """The reply to a small request."""
        message = ChatMessage(role="user", content=words, images=(picture,) if picture else ())
        request = ChatRequest(model=self.subject.model, messages=(message,), max_tokens=ROOM, reply_schema=schema)
        reply = await model.complete(request)
        self.spent.add(reply.prompt_tokens, reply.completion_tokens)
        return reply

    async def schema(self, model: ChatModel) -> Check:
        """How the model can be held to JSON."""
        role = self.subject.name
        try:
            reply = await self.asked(model, "Which number comes after six? Reply in JSON.", schema=SCHEMA)
        except ProviderError as error:
            return Check(role, "schema", "warn", error.message, error.advice)
        way = capability_of(self.memory, self.endpoint.address.name, self.subject.model).way
        if fits(reply.text):
            return Check(role, "schema", "warn" if way == "words" else "ok", WAYS[way])
        words = f"{WAYS[way]}, but does not keep to it ({reply.finish_reason}: {shown(reply.text)})"
        return Check(role, "schema", "warn", words, "Expect rejected rows, or take a larger model.")

    async def embeddings(self) -> Check:
        """How long vectors are, and whether the same text has the same one."""
        role, config = self.subject.name, self.subject.config
        wanted = config.dimensions if isinstance(config, EmbedderConfig) else None
        embedder = load("embedders", "openai")(self.endpoint, self.subject.model, wanted)
        vectors, tokens = await embedder.request(list(SENTENCES))
        again, more = await embedder.request([SENTENCES[0]])
        self.spent.add(tokens)
        self.spent.add(more)
        size, likeness = int(vectors.shape[1]), float(vectors[0] @ again[0])
        if wanted and size != wanted:
            advice = "Leave embedder.dimensions out, or correct it."
            return failed(role, "vectors", f"have {size} numbers, not the {wanted} that were asked for", advice)
        if likeness < SAME:
            words = f"{size} numbers; the same text gives other vectors (cosine {likeness:.3f})"
            return Check(role, "vectors", "warn", words, "Check what serves the model: searches will waver.")
        between = float(vectors[0] @ vectors[1])
        return Check(role, "vectors", "ok", f"{size} numbers; English and Korean of one sentence {between:.2f} alike")


def replied(role: str, reply: ChatReply, seconds: float) -> Check:
    """What the model said, how it ended, how long it took."""
    text = without_thought(reply.text)
    words = f"“{shown(text)}” in {seconds:.1f} s, ended by {reply.finish_reason}"
    if not text and reply.finish_reason == "length":
        advice = "It thinks before it replies: turn that off at the server, or choose another model."
        return Check(role, "reply", "warn", f"nothing within {ROOM} tokens", advice)
    if not text:
        return failed(role, "reply", f"is empty, ended by {reply.finish_reason}", "Try another model.")
    if reply.finish_reason != "stop":
        return Check(role, "reply", "warn", words, "A reply of a word should end by stop: check the chat template.")
    return Check(role, "reply", "ok", words)


def usage(role: str, reply: ChatReply) -> Check:
    """Whether the endpoint counts tokens."""
    if not reply.prompt_tokens:
        return Check(role, "usage", "warn", "not told", "Costs and quotas can only be estimated.")
    return Check(role, "usage", "ok", f"told: {reply.prompt_tokens} tokens in, {reply.completion_tokens} out")


def seen(role: str, reply: ChatReply) -> Check:
    """Whether the model saw what is in the picture."""
    text = without_thought(reply.text)
    if str(DIGIT) in text:
        return Check(role, "pictures", "ok", f"reads the digit of a picture of {SIDE} x {SIDE} pixels")
    words = f"takes a picture, but sees “{shown(text)}” in place of a {DIGIT}"
    return Check(role, "pictures", "warn", words, "Check that the model is one that sees.")


def fits(text: str) -> bool:
    """Whether a reply has the form of the schema."""
    values: list[Any] = json_values(without_thought(text))
    return any(isinstance(value, dict) and isinstance(value.get("number"), int) for value in values)


def shown(text: str) -> str:
    """The beginning of what a model said, in one line, without what a terminal would obey."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in clean(text)).split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def digit() -> str:
    """A digit as a data URL of a PNG."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(picture).text((SIDE / 2, SIDE / 2), str(DIGIT), "black", ImageFont.load_default(SIDE - 6), "mm")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
