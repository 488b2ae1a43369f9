"""Nothing is lost: as many outcomes as were wanted, or as were written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import BadReply
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.reading import read_items, whole


def read(number: int, given: Any) -> Item:
    if not isinstance(given, dict):
        raise BadReply("No object.", "Mend it.", "wrong shape")
    return Item(number, "fact", whole(given["question"]))


@given(st.lists(st.sampled_from([{"question": "How?"}, {"question": ""}, 3, None]), max_size=8), st.integers(0, 6))
def test_wanted_is_kept_and_rejected(given: list[Any], wanted: int) -> None:
    outcomes = read_items(given, wanted, read)
    assert [outcome.number for outcome in outcomes] == list(range(1, max(wanted, len(given)) + 1))
    good = [index for index, one in enumerate(given[:wanted]) if one == {"question": "How?"}]
    assert [outcome.number - 1 for outcome in outcomes if isinstance(outcome, Item)] == good


def test_each_lack_is_named() -> None:
    outcomes = read_items([3, {"question": ""}], 3, read)
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Fault)] == [
        "wrong shape", "not written", "not written",
    ]  # fmt: skip
    assert read_items([{"question": "Who?"}] * 2, 1, read)[1] == Fault(2, "not asked for", "{'question': 'Who?'}")


def test_a_question_is_not_empty() -> None:
    with pytest.raises(BadReply):
        whole("")
