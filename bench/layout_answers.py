"""What a student writes to held-out examples, greedily, by the metrics of the report."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from raftune.contracts import ChatMessage
from raftune.generating.opening import open_tuned
from raftune.generating.request import Generation, Generator, Sampling
from raftune.prompts.raft import default_prompt
from raftune.records import Example
from raftune.registry import load
from raftune.stages.evaluate import parsed

METRICS = ("quote_from_oracle", "token_f1_lenient")
MOST, CONTEXT = 96, 4096


def answered(folder: Path, adapter: Path | None, examples: Sequence[Example]) -> dict[str, tuple[float | None, ...]]:
    """By metric, the score of each example's reply; None where the metric does not apply."""
    generator, name = open_tuned(folder, adapter, context=CONTEXT)

    async def everything() -> list[str]:
        return list(await asyncio.gather(*(reply(generator, name, example) for example in examples)))

    replies = [parsed(text) for text in asyncio.run(everything())]
    generator.close()
    metrics = [load("metrics", metric) for metric in METRICS]
    return {
        metric.name: tuple(metric.score(one, text).value for one, text in zip(examples, replies, strict=True))
        for metric in metrics
    }


async def reply(generator: Generator, adapter: str, example: Example) -> str:
    """The reply to an example's prompt."""
    pairs = default_prompt().of_example(example)
    messages = tuple(ChatMessage.model_validate({"role": role, "content": text}) for role, text in pairs)
    async with aclosing(generator.generate(Generation(messages, Sampling(MOST), adapter))) as pieces:
        return "".join([piece.text async for piece in pieces])
