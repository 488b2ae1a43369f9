from raftune.training.tally import Tally


def test_every_sum_is_added():
    assert Tally(1.5, 2, 3, 4, 5) + Tally(0.5, 1, 1, 1, 1) == Tally(2.0, 3, 4, 5, 6)
