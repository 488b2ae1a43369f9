import torch

from raftune.generating.shape import Shape
from raftune.generating.slots import Slots, doubled


def test_room_grows_and_what_was_there_stays():
    slots = Slots(Shape(2, 3, 4, 5, torch.zeros(1)))
    slots.keys[:, 0, :, :2] = 7
    slots.hold(3, 200)
    assert slots.keys.shape == (2, 4, 3, 256, 4)
    assert slots.values.shape == (2, 4, 3, 256, 5)
    assert bool((slots.keys[:, 0, :, :2] == 7).all())
    kept = slots.keys
    slots.hold(2, 10)
    assert slots.keys is kept


def test_a_sequence_moves_with_its_tokens():
    slots = Slots(Shape(1, 1, 2, 2, torch.zeros(1)))
    slots.hold(2, 4)
    slots.keys[:, 1, :, :3] = 5
    slots.move(1, 0, 3)
    assert float(slots.keys[:, 0].sum()) == 5 * 3 * 2


def test_doubled():
    assert [doubled(1, 0), doubled(1, 5), doubled(128, 129)] == [1, 8, 256]
