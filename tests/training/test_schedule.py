import pytest

from raftune.training.options import LoraOptions
from raftune.training.rows import Row
from raftune.training.schedule import learning_rate, packed, schedule


def group(name, size, draw=0):
    return tuple(Row(f"{name}{number}", name, (1, 2), 1, draw) for number in range(size))


def test_packs_hold_whole_groups_near_the_wanted_size():
    assert [[len(part) for part in pack] for pack in packed([group("a", 5), group("b", 5), group("c", 5)], 8)] == [
        [5, 5],
        [5],
    ]
    assert [len(pack) for pack in packed([group(str(number), 4) for number in range(5)], 8)] == [2, 2, 1]
    assert [len(pack) for pack in packed([group("a", 25), group("b", 2)], 8)] == [1, 1]


def test_every_epoch_takes_every_group_once_in_its_own_order():
    groups = [group(str(number), 2) for number in range(9)]
    steps = schedule([row for rows in groups for row in rows], LoraOptions(epochs=2), seed=3)
    assert steps == schedule([row for rows in groups for row in rows], LoraOptions(epochs=2), seed=3)
    epochs = [[part for step in steps if step.epoch == epoch for part in step.groups] for epoch in (1, 2)]
    assert sorted(epochs[0], key=repr) == sorted(epochs[1], key=repr) == sorted(groups, key=repr)
    assert epochs[0] != epochs[1]
    assert [step.ends_epoch for step in steps].count(True) == 2


def test_epochs_take_the_draws_in_turn():
    draws = [[group(f"{number}-{draw}", 2, draw) for number in range(5)] for draw in range(2)]
    rows = [row for groups in draws for rows in groups for row in rows]
    steps = schedule(rows, LoraOptions(epochs=3), seed=3)
    for epoch in (1, 2, 3):
        taken = [part for step in steps if step.epoch == epoch for part in step.groups]
        assert sorted(taken, key=repr) == sorted(draws[(epoch - 1) % 2], key=repr)


def test_rate_rises_then_falls():
    options = LoraOptions(warmup=0.2, learning_rate=1.0)
    rates = [learning_rate(step, 10, options) for step in range(10)]
    assert rates[:3] == [0.5, 1.0, 1.0]
    assert rates[2:] == sorted(rates[2:], reverse=True)
    assert 0 < rates[-1] < 0.1


def test_one_step_alone_learns():
    assert learning_rate(0, 1, LoraOptions()) == pytest.approx(5e-4)
