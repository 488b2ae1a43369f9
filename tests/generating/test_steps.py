import torch

from raftune.generating.segments import Segment
from raftune.generating.shape import Shape
from raftune.generating.slots import Slots
from raftune.generating.steps import Wanted, hiding, step_of
from tests.generating.test_running import running


def slots():
    return Slots(Shape(1, 1, 2, 2, torch.zeros(1)))


def text(prompt, slot, read=0, **fields):
    one = running([])
    one.tokens, one.prompt, one.slot, one.read = list(range(prompt)), prompt, slot, read
    for name, value in fields.items():
        setattr(one, name, value)
    return one


def test_a_step_has_a_token_of_those_that_decode_and_pieces_of_the_others():
    decoding = text(10, 1, read=10, own=10)
    decoding.tokens.append(42)
    half, third = text(30, 0, read=4, own=4), text(30, 2)
    step = step_of([half, decoding, third], slots(), 40, {})
    assert step.tokens == [42, *range(4, 30), *range(14)]
    assert step.positions == [10, *range(4, 30), *range(14)]
    assert step.wanted == [Wanted(decoding, 0), Wanted(half, 26)]
    assert step.advanced == [(decoding, 1), (half, 26), (third, 14)]
    assert [(one.start, one.end, one.before) for one in step.reading.passages] == [(1, 27, 4), (27, 41, 0)]
    assert step.reading.slots.keys.shape[1] >= 3


def test_guesses_are_read_behind_the_token_they_follow():
    plain, guessing = text(10, 0, read=10, own=10), text(12, 1, read=12, own=12)
    for one in (plain, guessing):
        one.tokens.append(42)
    step = step_of([plain, guessing], slots(), 40, {1: [7, 8]})
    assert step.tokens == [42, 42, 7, 8]
    assert step.positions == [10, 12, 13, 14]
    assert step.wanted == [Wanted(plain, 0), Wanted(guessing, 1, 7), Wanted(guessing, 2, 8), Wanted(guessing, 3)]
    assert step.advanced == [(plain, 1), (guessing, 1)]
    assert [(one.start, one.end, one.before, one.slot) for one in step.reading.passages] == [(1, 4, 12, 1)]
    assert step.reading.slots.keys.shape[3] >= 15


def test_those_that_read_a_segment_read_it_together():
    segment = Segment(torch.arange(40).numpy(), "", torch.zeros(1, 1, 40, 2), torch.zeros(1, 1, 40, 2), 40)
    texts = [text(40, slot, read=40, segment=segment, shared=shared) for slot, shared in ((0, 40), (1, 36))]
    for one in texts:
        one.tokens.append(7)
    (group,) = step_of(texts, slots(), 8, {}).reading.together
    assert (group.slots.tolist(), group.tokens) == ([0, 1], 40)
    assert torch.isinf(group.mask).sum(1).tolist() == [0, 4]


def test_a_hidden_token_weighs_nothing():
    assert hiding(torch.tensor([1, 3]), torch.zeros(1)).exp().tolist() == [[1, 0, 0], [1, 1, 1]]
