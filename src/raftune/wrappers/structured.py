"""A model whose replies are checked before a recipe reads them, and mended once where that may help.

A reply that was cut off is asked for with twice the room, one that holds no JSON where JSON was wanted gets one turn to
correct itself. Both are requests of their own: the ledger below remembers them, so a second run takes the same way.
"""

import re
from typing import Any

from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.digest import Json
from raftune.errors import BadReply
from raftune.loose_json import json_values, refuses, without_thought
from raftune.prompts import prompt_text
from raftune.records import Language

REFUSED = {
    "content_filter": ("The endpoint's content filter held the reply back.", "Look at the passage.", "content filter"),
    "refusal": ("The model refused to reply.", "Look at the passage.", "refusal"),
    "tool call": ("The model called a tool that nobody named.", "Try another model.", "tool call"),
    "empty": ("The model gave an empty reply.", "Try another model or allow longer replies.", "empty reply"),
}
SHOWN = 2000  # characters of a faulty reply that are shown to the model again
HANGUL = re.compile(r"[\uac00-\ud7a3]")


class StructuredModel:
    """Asks `model`; raises BadReply for a reply that is none, and asks once more for JSON that is none."""

    def __init__(self, model: ChatModel) -> None:
        self.model = model

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises BadReply "content filter", "refusal", "tool call" or "empty reply"; and as the model."""
        reply = await self.model.complete(request)
        schema = request.reply_schema
        if schema is None:
            return usable(reply)
        if reply.finish_reason == "length":
            request = request.model_copy(update={"max_tokens": 2 * request.max_tokens})
            reply = await self.instead(reply, request)
        fault = fault_of(usable(reply), schema)
        return await self.instead(reply, corrected(request, reply, fault)) if fault else reply

    async def instead(self, reply: ChatReply, request: ChatRequest) -> ChatReply:
        """The reply to a request made for a better one; where there is none, the first, whose fault counts."""
        try:
            return usable(await self.model.complete(request))
        except BadReply:
            return reply


def usable(reply: ChatReply) -> ChatReply:
    """The reply itself. Raises BadReply where it says that there is none."""
    if reply.finish_reason in REFUSED:
        raise BadReply(*REFUSED[reply.finish_reason])
    return reply


def fault_of(reply: ChatReply, schema: dict[str, Json]) -> str:
    """What a model is told about a reply that holds nothing to read, or "". Single fields are the recipes' to judge."""
    if reply.finish_reason != "stop":
        return ""
    text = without_thought(reply.text)
    values = json_values(text)
    if not values:
        return "" if refuses(text) else "there is no JSON object in it."
    names = schema.get("required", [])
    if any(fits(value, names) for value in values):
        return ""
    return f"it has none of the fields {', '.join(map(str, names))}."


def fits(value: Any, names: list[str]) -> bool:
    """Whether a value is a list of items, or an object with at least one of the fields, itself or one level down."""
    if isinstance(value, list) or not names:
        return True
    inner = [one for one in value.values() if isinstance(one, dict)]
    return any(name in one for one in (value, *inner) for name in names) or any(
        isinstance(one, list) for one in value.values()
    )


def corrected(request: ChatRequest, reply: ChatReply, fault: str) -> ChatRequest:
    """The request for a reply in the place of a faulty one."""
    text = prompt_text("correct", language_of(request)).replace("{fault}", fault)
    turns = (ChatMessage(role="assistant", content=reply.text[:SHOWN]), ChatMessage(role="user", content=text))
    return request.model_copy(update={"messages": (*request.messages, *turns)})


def language_of(request: ChatRequest) -> Language:
    """The language of the instructions."""
    return "ko" if HANGUL.search(request.messages[0].content) else "en"
