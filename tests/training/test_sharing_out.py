import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.training.rows import Row
from raftune.training.sharing_out import PAIR, cost, pair_cost, shared_out
from tests.tiny_model import HIDDEN, LAYERS, tiny_model


def group_of(name, documents, suffixes):
    start = documents + 1
    return tuple(
        Row(f"{name}-{number}", name, (1,) * documents + (2 + number,) * suffix, start)
        for number, suffix in enumerate(suffixes)
    )


def groups_of(shapes):
    return [group_of(str(number), *shape) for number, shape in enumerate(shapes)]


SHAPES = st.lists(st.tuples(st.integers(20, 3000), st.lists(st.integers(2, 200), min_size=1, max_size=20)), max_size=12)
SINGLE = st.lists(st.tuples(st.integers(20, 3000), st.tuples(st.integers(2, 200))), min_size=1, max_size=6)


def largest(shares):
    return max(sum(map(cost, share)) for share in shares)


@given(SHAPES, st.integers(1, 9))
def test_every_row_is_in_one_share_with_those_of_its_documents(shapes, processes):
    groups = groups_of(shapes)
    shares = shared_out(groups, processes)
    held = [row for share in shares for group in share for row in group]
    assert len(shares) == processes
    assert sorted(row.example for row in held) == sorted(row.example for group in groups for row in group)
    assert all(len({row.document_set for row in group}) == 1 for share in shares for group in share)
    assert shares == shared_out(groups, processes)


@given(SINGLE, st.integers(1, 3))
def test_the_largest_share_is_at_most_four_thirds_of_the_best(shapes, processes):
    groups = groups_of(shapes)
    ways = product(range(processes), repeat=len(groups))
    best = min(
        largest([[group for group, at in zip(groups, way, strict=True) if at == one] for one in range(processes)])
        for way in ways
    )
    assert largest(shared_out(groups, processes)) <= best * (4 / 3 - 1 / (3 * processes)) + 1e-6


@given(SHAPES, st.integers(1, 9))
def test_no_share_is_larger_than_an_even_one_and_the_largest_group(shapes, processes):
    groups = groups_of(shapes)
    costs = [cost(group) for group in groups]
    assert largest(shared_out(groups, processes)) <= sum(costs) / processes + max(costs, default=0) + 1e-6


def test_one_large_group_is_divided_where_that_pays():
    (short,) = groups_of([(1000, [20] * 4)])
    assert [len(share) for share in shared_out([short], 4)] == [1, 1, 1, 1]
    assert {len(share[0]) for share in shared_out([group_of("s", 100, [500] * 6)], 2)} == {3}
    lone = group_of("lone", 1000, [20])
    assert shared_out([lone], 3) == [(lone,), (), ()]


def test_groups_that_fit_stay_whole():
    groups = groups_of([(500, [50] * 5)] * 8)
    assert shared_out(groups, 4) == [(groups[n], groups[n + 4]) for n in range(4)]


def test_nothing_is_shared_out_to_everyone():
    assert shared_out([], 2) == [(), ()]


def test_documents_cost_once_where_they_are_shared():
    (group,) = groups_of([(100, [10, 20])])
    pairs = 100**2 / 2 + 10 * 100 + 10**2 / 2 + 20 * 100 + 20**2 / 2
    assert cost(group) == pytest.approx(130 + PAIR * pairs)
    assert cost(group, share=False, pair=0) == 230
    assert cost(groups_of([(10, [10, 20])])[0], pair=0) == 50


def test_a_pair_costs_what_the_models_shape_says():
    model = tiny_model()
    weights = sum(tensor.numel() for name, tensor in model.named_parameters() if "embed" not in name)
    assert math.isclose(pair_cost(model), 3 * HIDDEN * LAYERS / weights)
