"""What a model says to a request, choice by choice: the plain continuation of a conversation."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from secrets import randbits

from raftune.answering import MAX_TOKENS
from raftune.contracts import ChatMessage
from raftune.errors import BadReply, ConfigError
from raftune.generating.request import Generation, Piece, Sampling
from raftune.serve_config import ServeConfig
from raftune.serving.catalogue import Served
from raftune.serving.chat_request import ChatQuery
from raftune.serving.leaving import closing
from raftune.serving.refusals import UNSUPPORTED, Refusal
from raftune.serving.said import Said, said
from raftune.serving.service import Service

SEEDS = 1 << 32


def sampling(query: ChatQuery, config: ServeConfig, seed: int, room: int) -> Sampling:
    """How the tokens of a choice are chosen; `room` is what the context has left for them."""
    temperature = config.temperature if query.temperature is None else query.temperature
    return Sampling(
        max_tokens=min(query.most_tokens or config.max_tokens, config.max_tokens, room),
        temperature=0.0 if query.top_p == 0 else temperature,
        top_p=1.0 if not query.top_p else query.top_p,
        seed=seed % SEEDS,
        stop=tuple(query.stop),
        alternatives=(query.top_logprobs or 0) if query.logprobs else None,
        schema=query.schema_to_follow,
    )


def generations(
    service: Service, served: Served, query: ChatQuery, messages: tuple[ChatMessage, ...]
) -> Sequence[Generation]:
    """One for each choice that is asked for. Raises Refusal where the messages leave no room for an answer."""
    room = room_for(service, messages)
    first = randbits(31) if query.seed is None else query.seed
    if served.reads and query.most_tokens is None:
        room = min(room, MAX_TOKENS)  # an untuned model does not know when to end
    return [
        Generation(messages, sampling(query, service.config, first + number, room), served.adapter)
        for number in range(query.n or 1)
    ]


def room_for(service: Service, messages: Sequence[ChatMessage]) -> int:
    """How many tokens an answer may have. Raises Refusal where there is no room for one."""
    generator = service.catalogue.generator
    context = min(generator.context, service.config.context)
    taken = generator.prompt_tokens(messages)
    if taken >= context:
        raise too_long(f"The messages have {taken} tokens, and the context has room for {context}.")
    return context - taken


def too_long(message: str) -> Refusal:
    """What is told about messages that do not fit."""
    return Refusal(400, message, param="messages", code="context_length_exceeded")


async def pieces_of(service: Service, generation: Generation) -> AsyncIterator[Piece]:
    """The pieces of a text. Raises Refusal for what the client can mend."""
    async with closing(service.catalogue.generator.generate(generation)) as pieces:
        try:
            async for piece in pieces:
                yield piece
        except BadReply as error:
            raise too_long(str(error)) from error
        except ConfigError as error:
            raise unfit(generation.sampling, error) from error


def unfit(sampling: Sampling, error: ConfigError) -> Refusal:
    """What is told where the model cannot do what it was asked for, or is not there any more."""
    if sampling.schema is not None:
        return Refusal(400, str(error), param="response_format", code="invalid_value")
    if sampling.alternatives is not None:
        return Refusal(400, str(error), param="logprobs", code=UNSUPPORTED)
    return Refusal(404, "The model was taken away.", param="model", code="model_not_found")


async def plainly(service: Service, generation: Generation) -> AsyncIterator[Said]:
    """What a model says as it is."""
    async with closing(pieces_of(service, generation)) as pieces:
        async for piece in pieces:
            yield said(piece, content=piece.text, tokens=piece.tokens)


async def together(choices: Sequence[AsyncIterator[Said]]) -> AsyncIterator[tuple[int, Said]]:
    """What all choices say, each as soon as it is said, with the number of its choice.

    Leaving it ends them all; so does the first that fails.
    """
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(closing(choice)) for choice in choices]
        steps = {asyncio.ensure_future(step(choice)): number for number, choice in enumerate(opened)}
        try:
            while steps:
                done, _ = await asyncio.wait(steps, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(done, key=steps.__getitem__):
                    number = steps.pop(task)
                    if (spoken := task.result()) is not None:
                        steps[asyncio.ensure_future(step(opened[number]))] = number
                        yield number, spoken
        finally:
            for task in steps:
                task.cancel()
            await asyncio.gather(*steps, return_exceptions=True)


async def step(choice: AsyncIterator[Said]) -> Said | None:
    """What is said next, None at the end."""
    return await anext(choice, None)
