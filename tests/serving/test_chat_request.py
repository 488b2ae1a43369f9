"""The form of a request, field by field. What a client sees of it is in routes/test_chat."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from raftune.serving.chat_request import ChatQuery
from raftune.serving.refusals import Refusal, of_fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def query(**fields: Any) -> ChatQuery:
    return ChatQuery.model_validate({"model": "m", "messages": [{"role": "user", "content": "x"}], **fields})


@given(st.sampled_from(sorted(ChatQuery.model_fields)), JSON)
def test_any_value_is_taken_or_named(field: str, value: Any) -> None:
    try:
        query(**{field: value})
    except ValidationError as error:
        rows = [{**row, "loc": ("body", *row["loc"])} for row in error.errors()]
        refusal = of_fields(rows)
        assert refusal.status_code == 400
        assert (refusal.param or "").startswith(field)
        assert refusal.code


def test_null_is_as_good_as_nothing() -> None:
    optional = set(ChatQuery.model_fields) - {"model", "messages"}
    assert query(**dict.fromkeys(optional)) == query()


def test_the_newer_name_of_a_limit_wins() -> None:
    assert query(max_tokens=5, max_completion_tokens=3).most_tokens == 3
    assert query(max_tokens=5).most_tokens == 5
    assert query().most_tokens is None


def test_the_last_question_counts() -> None:
    roles = [("user", "one"), ("assistant", "a"), ("user", " two "), ("assistant", "b")]
    asked = query(messages=[{"role": role, "content": text} for role, text in roles])
    assert asked.question() == "two"
    with pytest.raises(Refusal):
        query(messages=[{"role": "system", "content": "x"}]).question()
