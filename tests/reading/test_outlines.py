from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.outlines import fields, outline, says

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def test_short_fields_code_and_lists() -> None:
    value = {
        "domain": "영상",
        "empty": None,
        "bad": "N/A",
        "code": "a = 1\nb",
        "needs": ["x", "y"],
        "of": {"k": {"n": 1}},
    }
    assert fields(value, None) == [
        "domain: 영상",
        "code:\n\n```\na = 1\nb\n```",
        "needs:\n\n- x\n- y",
        "of:\n\n- k:\n  - n: 1",
    ]


def test_lists_of_objects() -> None:
    assert outline([{"a": 1, "b": [2]}, {"a": 3}], 0) == ["- a: 1", "  - b:", "    - 2", "- a: 3"]


@given(VALUES)
def test_any_value_can_be_shown(value: object) -> None:
    text = "\n".join(fields({"key": value}, None))
    assert "None" not in text or "None" in repr(value)


def test_what_says_something() -> None:
    assert [says(value) for value in ("a", 3, "N/A", "", None, True, [])] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]
