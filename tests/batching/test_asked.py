import asyncio
from collections.abc import Sequence

from raftune.batching import asked as module
from raftune.batching.asked import Asked, Gathering
from raftune.contracts import ChatMessage, ChatReply, ChatRequest

REPLY = ChatReply(text="Hello", finish_reason="stop", prompt_tokens=1, completion_tokens=1)


def asked(text: str, size: int = 10) -> Asked:
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content=text),), max_tokens=5)
    return Asked(request, size, [asyncio.get_running_loop().create_future()])


def gathered(texts: Sequence[str], most: int = 100, size: int = 10, cancelled: str = "") -> list[list[str]]:
    batches: list[list[str]] = []

    async def go() -> None:
        gathering = Gathering(
            lambda some: batches.append([one.request.messages[0].content for one in some]), 0.01, most
        )
        for text in texts:
            one = asked(text, size)
            gathering.add(one)
            if text == cancelled:
                one.waiting[0].cancel()
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)

    asyncio.run(go())
    return batches


def test_requests_that_come_soon_after_each_other_are_one_batch() -> None:
    assert gathered("abcd") == [["a", "b", "c", "d"]]


def test_no_batch_has_more_than_the_most() -> None:
    assert gathered("abcde", most=2) == [["a", "b"], ["c", "d"], ["e"]]


def test_no_file_is_too_large() -> None:
    assert gathered("abc", size=module.MOST_BYTES // 2) == [["a", "b"], ["c"]]


def test_a_request_that_nobody_waits_for_is_not_sent() -> None:
    assert gathered("abc", cancelled="b") == [["a", "c"]]
    assert gathered("a", cancelled="a") == []


def test_all_who_wait_get_the_reply_or_the_error() -> None:
    async def go() -> None:
        one = asked("a")
        one.waiting += [asyncio.get_running_loop().create_future() for _ in range(2)]
        one.waiting[1].cancel()
        one.settle(REPLY)
        assert [await one.waiting[0], await one.waiting[2]] == [REPLY, REPLY]
        assert not one.wanted
        other = asked("b")
        other.settle(ValueError("no"))
        assert isinstance(other.waiting[0].exception(), ValueError)

    asyncio.run(go())
