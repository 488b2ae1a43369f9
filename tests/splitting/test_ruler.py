"""Parts of a text are measured alone where that can make a difference."""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.contracts import SplitOptions
from raftune.splitting.blocks import Outline
from raftune.splitting.ruler import Ruler

WORDS = st.lists(st.sampled_from(["port", "ships", "항만", "x" * 40, "2023."]), min_size=1, max_size=60).map(" ".join)


def joined_to_the_space(text: str) -> Sequence[int]:
    """A word after a space is one token; elsewhere each letter is one: worse than any tokenizer."""
    starts: list[int] = []
    for match in re.finditer(r" ?\S+|\s+", text):
        first, last = match.span()
        starts += [first] if match.group().startswith(" ") else range(first, last)
    return starts


def ruler(text: str, maximum: int, **options: Any) -> Ruler:
    return Ruler(Outline(text), SplitOptions(maximum, 0, joined_to_the_space, **options))


@settings(deadline=None)
@given(WORDS, st.integers(10, 60))
def test_no_part_measures_more_than_the_maximum_by_itself(text: str, maximum: int) -> None:
    parts = list(ruler(text, maximum).cut(0, len(text)))
    assert all(len(joined_to_the_space(text[start:end])) <= maximum for start, end in parts)
    assert "".join(text[start:end] for start, end in parts).replace(" ", "") == text.replace(" ", "")


def test_a_part_is_cut_at_the_end_of_a_line_where_asked() -> None:
    text = "one two three\nfour five six seven eight"
    by_lines = Ruler(Outline(text), SplitOptions(20, 0, lambda part: range(len(part))), lines=True)
    by_words = Ruler(Outline(text), SplitOptions(20, 0, lambda part: range(len(part))))
    assert next(by_lines.cut(0, len(text))) == (0, 13)
    assert next(by_words.cut(0, len(text))) == (0, 18)
