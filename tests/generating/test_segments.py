import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from raftune.generating.segments import LEAST, Segment, Segments, common


def segment(tokens, adapter="", size=4):
    return Segment(np.asarray(tokens, np.int32), adapter, torch.zeros(size), torch.zeros(size))


@given(st.lists(st.integers(0, 2)), st.lists(st.integers(0, 2)))
def test_common_is_the_length_of_the_common_beginning(one, other):
    length = common(np.asarray(one, np.int32), np.asarray(other, np.int32))
    assert one[:length] == other[:length]
    assert length in (len(one), len(other)) or one[length] != other[length]


def test_the_longest_match_of_the_same_adapter_is_found():
    segments = Segments(1 << 20)
    long, short, tuned = segment(range(100)), segment([*range(50), 7, 7]), segment(range(200), "a")
    for one in (long, short, tuned):
        segments.add(one)
    assert segments.match([*range(50), 7, 7, 9], "") == (short, 52)
    assert segments.match(range(300), "") == (long, 100)
    assert segments.match(range(300), "a") == (tuned, 200)
    assert segments.match(range(LEAST - 1), "") == (None, 0)
    assert segments.match(range(300), "b") == (None, 0)


def test_the_oldest_unused_one_gives_way():
    segments = Segments(3 * 32)
    held = [segment(range(start, start + 40)) for start in range(3)]
    for one in held:
        segments.add(one)
    segments.use(held[0])
    segments.add(segment(range(9, 50)))
    assert held[0] in segments.kept
    assert held[1] not in segments.kept
    segments.leave(held[0])
    assert held[0].users == 0


def test_what_will_never_be_whole_is_dropped():
    segments = Segments(1 << 20)
    half = segment(range(40))
    segments.add(half)
    segments.use(half)
    segments.leave(half, whole=False)
    assert segments.kept == []


def test_an_adapter_takes_what_it_read_along():
    segments = Segments(1 << 20)
    plain, tuned, busy = segment(range(40)), segment(range(40), "a"), segment(range(50), "a")
    for one in (plain, tuned, busy):
        segments.add(one)
    segments.use(busy)
    segments.forget("a")
    assert segments.kept == [plain, busy]
