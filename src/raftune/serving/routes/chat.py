"""/v1/chat/completions: the next message of a conversation, whole or as it is written."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from secrets import token_hex
from time import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from raftune import __version__
from raftune.serving import reading
from raftune.serving.catalogue import Served
from raftune.serving.chat_reply import Choice, Head, delta, usage
from raftune.serving.chat_request import ChatQuery
from raftune.serving.event_stream import EventStream
from raftune.serving.leaving import closing, unless_gone, within
from raftune.serving.refusals import Refusal
from raftune.serving.said import Said
from raftune.serving.saying import generations, plainly, together
from raftune.serving.service import Service, TheService

router = APIRouter()


@router.post("/v1/chat/completions")
async def chat(query: ChatQuery, request: Request, service: TheService) -> Response:
    """An answer, streamed where that is asked for. It ends when its client leaves or its time is over."""
    served = service.catalogue.find(query.model)
    if served.embeds:
        raise Refusal(400, "This model embeds texts; it does not write any.", param="model", code="invalid_value")
    query.check(service.config.at_once)
    deadline = asyncio.get_running_loop().time() + service.config.seconds
    head = Head(f"chatcmpl-{token_hex(12)}", int(time()), served.name, f"raftune-{__version__}")
    heard = service.measures.hear(request, served.name, answer(service, served, query, request.state.client))
    if query.stream:
        events = chunks(heard, head, query)
        return EventStream(await begun(events, request, deadline), deadline)
    work = within(deadline, whole(heard, head, query))
    return JSONResponse(await unless_gone(request.receive, work))


async def answer(service: Service, served: Served, query: ChatQuery, client: str) -> AsyncIterator[tuple[int, Said]]:
    """What all choices say, once it is the client's turn."""
    if served.reads:
        query.check_reader()
    async with (
        service.turnstile.turn(client, query.n or 1),
        closing(together(await choices_of(service, served, query))) as spoken,
    ):
        async for number, said in spoken:
            yield number, said


async def choices_of(service: Service, served: Served, query: ChatQuery) -> Sequence[AsyncIterator[Said]]:
    """One answer for each choice that is asked for."""
    if served.reads:
        return await reading.choices(service, served, query)
    return [plainly(service, one) for one in generations(service, served, query, query.conversation())]


async def whole(spoken: AsyncIterator[tuple[int, Said]], head: Head, query: ChatQuery) -> dict[str, Any]:
    """The answer in one piece."""
    choices = [Choice() for _ in range(query.n or 1)]
    async with closing(spoken):
        async for number, said in spoken:
            choices[number].add(said)
    rows = [choice.row(index, logprobs=bool(query.logprobs)) for index, choice in enumerate(choices)]
    return head.of("chat.completion", choices=rows, usage=usage([choice.last for choice in choices]))


async def chunks(
    spoken: AsyncIterator[tuple[int, Said]], head: Head, query: ChatQuery
) -> AsyncIterator[dict[str, Any]]:
    """The answer in chunks; with `include_usage` the last has no choices, and what the answer took."""
    counting = query.stream_options is not None and bool(query.stream_options.include_usage)
    more = {"usage": None} if counting else {}
    last: dict[int, Said] = {}
    async with closing(spoken):
        async for number, said in spoken:
            change = delta(number, said, first=number not in last, logprobs=bool(query.logprobs))
            last[number] = said
            yield head.chunk([change], **more)
    if counting:
        yield head.chunk([], usage=usage(list(last.values())))


async def begun(
    events: AsyncIterator[dict[str, Any]], request: Request, deadline: float
) -> AsyncIterator[dict[str, Any]]:
    """The events once there is a first, so that what is refused has a status of its own."""
    try:
        first = await unless_gone(request.receive, within(deadline, anext(events)))
    except BaseException:
        async with closing(events):
            raise
    return following(first, events)


async def following(first: dict[str, Any], events: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    """An event and those after it."""
    async with closing(events):
        yield first
        async for event in events:
            yield event
