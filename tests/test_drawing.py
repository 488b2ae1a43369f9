"""Exact counts, by property."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from raftune.drawing import dealt, exact_counts, split_of, taken, uniform_positions, without_oracle

GROUPS = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(1, 9), min_size=1, max_size=30)


@given(GROUPS, st.floats(0, 1), st.integers(0, 99))
def test_the_share_without_oracle_is_exact(sizes: dict[str, int], share: float, seed: int) -> None:
    groups = {name: [f"{name}{number}" for number in range(size)] for name, size in sizes.items()}
    total = sum(sizes.values())
    taken = without_oracle(groups, share, random.Random(seed))
    assert len(taken) == len(set(taken)) == total - round(share * total)


@given(GROUPS, st.floats(0, 1), st.integers(0, 99))
def test_at_most_one_group_is_shown_in_part(sizes: dict[str, int], share: float, seed: int) -> None:
    groups = {name: [(name, number) for number in range(size)] for name, size in sizes.items()}
    taken = Counter(name for name, _ in without_oracle(groups, share, random.Random(seed)))
    assert sum(0 < taken[name] < size for name, size in sizes.items()) <= 1


@given(GROUPS, st.integers(0, 300), st.integers(0, 99))
def test_as_many_are_taken_as_are_wanted(sizes: dict[str, int], wanted: int, seed: int) -> None:
    groups = {name: [(name, number) for number in range(size)] for name, size in sizes.items()}
    assert len(set(taken(groups, wanted, random.Random(seed)))) == min(wanted, sum(sizes.values()))


@given(st.integers(0, 10_000), st.lists(st.integers(1, 100), min_size=1, max_size=5))
def test_a_total_is_divided_to_the_last_one(total: int, weights: list[int]) -> None:
    shares = [weight / sum(weights) for weight in weights]
    counts = exact_counts(total, shares)
    assert sum(counts) == total
    assert all(abs(count - share * total) < 1 + 1e-9 for count, share in zip(counts, shares, strict=True))


@given(st.lists(st.integers(0, 6), max_size=60), st.integers(0, 99))
def test_kinds_are_dealt_exactly_and_evenly(sizes: list[int], seed: int) -> None:
    shares = (0.25, 0.5, 0.25)
    parts = dealt(sizes, shares, random.Random(seed))
    assert [sum(part) for part in parts] == sizes
    assert [sum(part[kind] for part in parts) for kind in range(3)] == exact_counts(sum(sizes), shares)
    for size, part in zip(sizes, parts, strict=True):
        assert all(abs(count - share * size) <= 2 for count, share in zip(part, shares, strict=True))


@given(st.integers(0, 200), st.integers(1, 9), st.integers(0, 99))
def test_positions_are_as_even_as_can_be(count: int, places: int, seed: int) -> None:
    positions = uniform_positions(count, places, random.Random(seed))
    occurrences = [positions.count(place) for place in range(places)]
    assert len(positions) == count
    assert max(occurrences) - min(occurrences) <= 1


def test_a_group_keeps_its_split_whatever_else_there_is() -> None:
    first = {name: split_of(name, 7, 0.1, 0.2) for name in map(str, range(100))}
    more = {name: split_of(name, 7, 0.1, 0.2) for name in map(str, range(1000))}
    assert first.items() <= more.items()


def test_shares_of_splits_are_near_what_is_asked() -> None:
    counts = Counter(split_of(str(number), 3, 0.1, 0.2) for number in range(5000))
    assert abs(counts["test"] / 5000 - 0.2) < 0.02
    assert abs(counts["validation"] / 5000 - 0.1) < 0.02


def test_another_seed_splits_otherwise() -> None:
    assert [split_of(str(n), 1, 0.1, 0.2) for n in range(50)] != [split_of(str(n), 2, 0.1, 0.2) for n in range(50)]
