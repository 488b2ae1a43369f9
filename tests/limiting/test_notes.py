"""A note of one run is what the next one begins with; anything else is passed over."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from raftune.limiting import notes
from raftune.limiting.bucket import Bucket
from raftune.limiting.outage import PATIENCE
from raftune.limiting.window import Window

ODD: Any = st.none() | st.text() | st.floats() | st.integers() | st.lists(st.integers())


def test_a_note_is_read_as_it_was_written() -> None:
    buckets, window = {"tokens": Bucket(6e4, level=-100.0), "requests": Bucket()}, Window(9, threshold=5.0)
    known = notes.written(buckets, window, 0.7, 12.0)
    after, other = {"tokens": Bucket(), "requests": Bucket()}, Window(9)
    scale, pause = notes.read(known, after, other, 0.0)
    assert (after["tokens"].limit, after["requests"].limit, other.threshold, scale) == (6e4, None, 5.0, 0.7)
    assert 11.0 < pause <= 12.0


@given(
    st.dictionaries(st.sampled_from(["scale", "pause", "time", "ceiling", "tokens"]), ODD),
    st.none() | st.dictionaries(st.sampled_from(["limit", "period", "burst", "pace", "level"]), ODD),
)
def test_what_is_no_note_does_no_harm(known: dict[str, Any], bucket: dict[str, Any] | None) -> None:
    tokens, window = Bucket(), Window(9)
    scale, pause = notes.read(known if bucket is None else {**known, "tokens": bucket}, {"tokens": tokens}, window, 0.0)
    assert 0.25 <= scale <= 4.0
    assert 0.0 <= pause <= PATIENCE
    assert window.threshold >= 1
    assert tokens.limit is None or tokens.limit > 0
