"""A reply's items one by one: a bad one is named and left out, the good ones stay, and the count is right."""

from collections.abc import Callable
from typing import Any

from raftune.errors import BadReply
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.replies import SHOWN, items_in


def read_items(content: Any, wanted: int, read: Callable[[int, Any], Item]) -> list[Item | Fault]:
    """An item or a fault for each of the `wanted` numbers from 1, and a fault for each item beyond them.

    `read` makes an item of a number and what was given, or raises BadReply. Raises BadReply where there is no list.
    """
    given = items_in(content)
    found = [attempt(number, one, read) for number, one in enumerate(given[:wanted], 1)]
    lacking = [
        Fault(number, "not written", "the reply has fewer items") for number in range(len(given) + 1, wanted + 1)
    ]
    beyond = [Fault(number, "not asked for", str(one)[:SHOWN]) for number, one in enumerate(given[wanted:], wanted + 1)]
    return [*found, *lacking, *beyond]


def attempt(number: int, given: Any, read: Callable[[int, Any], Item]) -> Item | Fault:
    """An item, or why there is none."""
    try:
        return read(number, given)
    except BadReply as error:
        return Fault(number, error.reason, error.message)


def whole(question: str) -> str:
    """A question. Raises BadReply "not written" where it is empty."""
    if not question:
        raise BadReply("An item has no question.", "Use another teacher.", "not written")
    return question
