"""What several tests share: tools over a temporary folder, rows in short form, a fake of each plug."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from raftune.artifact import Draft
from raftune.contracts import ChatReply, ChatRequest
from raftune.engines.local import LocalEngine
from raftune.records import Answer, Chunk, Quote
from raftune.stage import Stage, Teacher, Tools


def make_tools(folder: Path, plugs: Any = None, seed: int = 0) -> Tools:
    """Tools whose draft and work folder lie below `folder`."""
    draft_folder, work = folder / "draft", folder / "work"
    draft_folder.mkdir(parents=True, exist_ok=True)
    work.mkdir(exist_ok=True)
    return Tools(seed, plugs, LocalEngine(), Draft(draft_folder, "test", {}), work, lambda *_: None)


def rows_of(stage: Stage[Any, Any, Any], tools: Tools, config: Any, *inputs: Any) -> list[Any]:
    """All rows a stage makes."""

    async def collect(rows: AsyncIterator[Any]) -> list[Any]:
        return [row async for row in rows]

    return asyncio.run(collect(stage.run(tools, config, *inputs)))


def make_chunk(text: str, number: int = 0, document: str = "d", language: Any = "en") -> Chunk:
    """A chunk of a document, far from the chunk of any other number."""
    start = number * 10_000
    return Chunk(
        document=document,
        path=f"{document}.md",
        text=text,
        start=start,
        end=start + len(text),
        pages=(1,),
        headings=(),
        language=language,
    )


def make_answer(chunk: Chunk, text: str, final: str, quote: str | None = None) -> Answer:
    """An answer quoting `quote`, or the whole chunk."""
    quoted = quote or chunk.text
    start = chunk.text.index(quoted)
    span = Quote(chunk=chunk.id, start=start, end=start + len(quoted), text=quoted)
    return Answer(
        question=f"q-{text}",
        chunk=chunk.id,
        text=text,
        reasoning="",
        quotes=(span,),
        final=final,
        language=chunk.language,
        author="test",
    )


class ScriptedChat:
    """A chat model that gives the replies it was handed, in turn, and remembers what it was asked."""

    def __init__(self, replies: Sequence[str], finish_reason: str = "stop") -> None:
        self.replies = list(replies)
        self.finish_reason = finish_reason
        self.requests: list[ChatRequest] = []

    async def complete(self, request: ChatRequest) -> ChatReply:
        self.requests.append(request)
        text = self.replies[(len(self.requests) - 1) % len(self.replies)]
        return ChatReply(text=text, finish_reason=self.finish_reason, prompt_tokens=1, completion_tokens=1)


def make_teacher(chat: Any, questions: int = 3, **options: Any) -> Teacher:
    """A teacher around a chat model."""
    return Teacher("scripted", chat, questions, reasoning=False, **options)
