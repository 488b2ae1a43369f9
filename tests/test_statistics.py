import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune import statistics
from raftune.statistics import (
    clustered_mean,
    detectable_difference,
    holm,
    mcnemar,
    paired_difference,
    rectified_mean,
    t_quantile,
    t_two_sided,
    unseen_share,
)


def test_t_quantiles_of_the_published_table():
    for freedom, published in ((1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (29, 2.045), (100, 1.984)):
        assert t_quantile(0.975, freedom) == pytest.approx(published, abs=0.01)


def test_t_tails_of_the_published_table():
    for freedom, published in ((1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042), (101, 1.984)):
        assert t_two_sided(published, freedom) == pytest.approx(0.05, abs=1e-4)
    assert t_two_sided(0, 7) == 1
    assert t_two_sided(2.0, 3000) == pytest.approx(0.0456, abs=1e-4)


def test_holm_by_hand():
    # Holm (1979) as worked out in R's p.adjust: 0.01, 0.02, 0.03, 0.04, 0.005
    assert holm([0.01, 0.02, 0.03, 0.04, 0.005]) == [0.04, 0.06, 0.06, 0.06, 0.025]
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_never_lowers(values):
    adjusted = holm(values)
    assert all(0 <= round(p, 6) <= q <= 1 for p, q in zip(values, adjusted, strict=True))
    assert all(adjusted[i] <= adjusted[j] for i, p in enumerate(values) for j, q in enumerate(values) if p < q)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.integers(8, 40), st.floats(-0.5, 0.5))
def test_p_is_below_five_per_cent_where_the_interval_leaves_zero_out(seed, clusters, shift):
    chance = np.random.default_rng(seed)
    values = np.clip(chance.normal(shift, 0.3, 2 * clusters), -1, 1)
    found = paired_difference([0.0] * len(values), list(values), [str(n // 2) for n in range(len(values))], seed=1)
    if found.low > 0.002 or found.high < -0.002:
        assert found.p < 0.055
    elif found.low < -0.002 < 0.002 < found.high:
        assert found.p > 0.045


@pytest.mark.parametrize(("value", "groups", "p"), [(0.0, 9, 1.0), (1.0, 4, statistics.LEAST_P), (0.5, 3, 0.25)])
def test_p_of_differences_that_are_all_the_same(value, groups, p):
    found = paired_difference([0.0] * groups, [value] * groups, [str(n) for n in range(groups)], seed=1)
    assert found.p == pytest.approx(p, abs=1e-6)


def test_mcnemar_by_hand():
    assert mcnemar(0, 0) == 1
    assert mcnemar(1, 8) == pytest.approx(2 * (1 + 9) / 512)
    assert mcnemar(8, 1) == mcnemar(1, 8)
    assert mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(5, 5) == 1


def test_mcnemar_does_not_overflow():
    assert 0 < mcnemar(900, 1100) < 1e-4


def test_the_interval_of_single_rows_is_near_the_normal_one():
    values = [1.0] * 60 + [0.0] * 40
    found = clustered_mean(values, [str(n) for n in range(100)], seed=1)
    wide = 1.984 * math.sqrt(0.6 * 0.4 / 99)
    assert found.value == 0.6
    assert found.low == pytest.approx(0.6 - wide, abs=0.012)
    assert found.high == pytest.approx(0.6 + wide, abs=0.012)
    assert found.error == pytest.approx(math.sqrt(0.6 * 0.4 / 99), rel=0.03)


def test_rows_of_a_group_that_agree_count_once():
    # 20 groups of 5 equal rows carry as much as 20 rows.
    values = [float(group % 2) for group in range(20) for _ in range(5)]
    found = clustered_mean(values, [str(group) for group in range(20) for _ in range(5)], seed=1)
    assert found.error == pytest.approx(math.sqrt(0.25 / 19), rel=0.05)
    assert (found.n, found.clusters) == (100, 20)


def test_a_paired_difference_is_narrower_than_two_means():
    chance = np.random.default_rng(3)
    base = chance.uniform(0, 0.8, 200)
    tuned = base + 0.1
    tuned[:20] = base[:20]
    found = paired_difference(list(base), list(tuned), [str(n) for n in range(200)], seed=1)
    assert found.value == pytest.approx(0.09)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low < 0.02


def test_equal_seeds_give_equal_intervals():
    values, groups = [0.1, 0.9, 0.4, 0.6], ["a", "b", "c", "d"]
    assert clustered_mean(values, groups, 5) == clustered_mean(values, groups, 5)
    assert clustered_mean(values, groups, 5) != clustered_mean(values, groups, 6)


def test_no_rows_and_one_group_have_no_interval():
    assert clustered_mean([], [], 1).value is None
    found = clustered_mean([1.0, 0.0], ["a", "a"], 1)
    assert (found.value, found.low, found.high, found.clusters) == (0.5, None, None, 1)


def test_values_that_do_not_vary_still_have_an_interval():
    # None of 15 groups: Clopper and Pearson's upper limit is 1 - 0.025 ** (1 / 15) = 0.218.
    assert unseen_share(15) == pytest.approx(0.2180, abs=1e-4)
    groups = [str(n) for n in range(15)]
    none = clustered_mean([0.0] * 15, groups, 1)
    assert (none.low, none.high) == (0.0, pytest.approx(0.218, abs=1e-3))
    same = paired_difference([1.0] * 15, [1.0] * 15, groups, 1)
    assert (same.value, same.low, same.high) == (0.0, pytest.approx(-0.218, abs=1e-3), pytest.approx(0.218, abs=1e-3))


def test_what_could_have_been_seen():
    # 1.960 + 0.842 standard errors.
    assert detectable_difference(0.05) == pytest.approx(0.1401, abs=1e-4)


@pytest.mark.parametrize(("clusters", "size"), [(15, 3), (60, 2)])
def test_95_percent_intervals_hold_the_truth_95_times_in_100(clusters, size, monkeypatch):
    monkeypatch.setattr(statistics, "DRAWS", 1_000)
    monkeypatch.setattr(statistics, "BLOCK", 1_000)
    chance = np.random.default_rng(7)
    groups = [str(group) for group in range(clusters) for _ in range(size)]
    held = 0
    for repeat in range(1_000):
        level = np.repeat(chance.beta(3, 2, clusters), size)
        values = (chance.uniform(size=clusters * size) < level).astype(float)
        found = clustered_mean(values.tolist(), groups, repeat)
        held += bool(found.low is not None and found.high is not None and found.low <= 0.6 <= found.high)
    assert 920 <= held <= 980


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_an_interval_holds_its_mean_and_stays_on_the_scale(values):
    found = clustered_mean(values, [str(n) for n in range(len(values))], 1)
    assert found.low is not None
    assert found.high is not None
    assert -1e-6 <= found.low <= found.value + 1e-6
    assert found.value - 1e-6 <= found.high <= 1 + 1e-6


def test_a_judge_that_is_too_kind_is_corrected_by_labels():
    # Judge 1 for all of 200 answers; people labelled 100 of them, half right: 1 + (0.5 - 1).
    judged = {str(n): 1.0 for n in range(200)}
    labels = {str(n): float(n % 2) for n in range(100)}
    groups = {str(n): f"g{n // 2}" for n in range(200)}
    found = rectified_mean(judged, labels, groups, 1)
    assert (found.value, found.n, found.clusters) == (0.5, 100, 100)
    assert found.low == found.high == 0.5  # each group has one right and one wrong answer
    assert rectified_mean(judged, {}, groups, 1).value is None


def test_the_corrected_interval_holds_the_truth_that_the_judge_misses():
    chance, held = np.random.default_rng(5), 0
    for trial in range(40):
        truth = (chance.random(400) < 0.6).astype(float)
        judged = {str(n): float(value or chance.random() < 0.5) for n, value in enumerate(truth)}
        labels = {str(n): float(truth[n]) for n in range(150)}
        found = rectified_mean(judged, labels, {str(n): str(n) for n in range(400)}, trial)
        assert np.mean(list(judged.values())) > 0.7
        held += found.low <= 0.6 <= found.high
    assert held >= 34
