"""A completion that comes piece by piece, put together to the one that would have come whole."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from raftune.digest import Json
from raftune.endpoints.explaining import no_completion

IDLE_SECONDS = 60.0  # of silence after the first piece; before it, a model may have a long prompt to read


@dataclass
class Gathered:
    """What the pieces so far say. Pieces are chunks of a chat completion as JSON; of several choices, the first."""

    text: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    tool: str = ""
    ending: str | None = None
    usage: Json = None
    model: str | None = None

    def add(self, piece: Mapping[str, Any]) -> None:
        """Takes the next piece. Raises AttributeError, KeyError or TypeError for one of another shape."""
        self.usage = piece.get("usage") or self.usage
        self.model = piece.get("model") or self.model
        for choice in list(piece["choices"])[:1]:
            self.ending = choice.get("finish_reason") or self.ending
            delta = choice.get("delta") or {}
            self.text.append(delta.get("content") or "")
            self.refusal.append(delta.get("refusal") or "")
            for call in delta.get("tool_calls") or ():
                function = call.get("function") or {}
                self.tool = self.tool or function.get("name") or ""
                self.arguments.append(function.get("arguments") or "")

    def completion(self) -> dict[str, Json]:
        """The whole. Raises Unavailable where the stream ended too early, TypeError for texts that are none."""
        if self.ending is None:
            raise no_completion("the stream ended before the reply did")
        message: dict[str, Json] = {"content": "".join(self.text), "refusal": "".join(self.refusal)}
        if self.arguments:
            message["tool_calls"] = [{"function": {"name": self.tool, "arguments": "".join(self.arguments)}}]
        return {
            "choices": [{"message": message, "finish_reason": self.ending}], "usage": self.usage, "model": self.model,
        }  # fmt: skip


async def gathered(pieces: AsyncIterator[Any]) -> dict[str, Json]:
    """The completion that pieces make. Raises Unavailable for what is none, TimeoutError when the next never comes."""
    found = Gathered()
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(None) as silence:
            async for piece in pieces:
                silence.reschedule(loop.time() + IDLE_SECONDS)
                found.add(piece)
        return found.completion()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise no_completion() from error
