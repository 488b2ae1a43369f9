import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.classes import macro_f1, macro_f1_difference

LABELS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["a", "b", ""])), min_size=2, max_size=20)


def of(pairs):
    return {str(number): pair for number, pair in enumerate(pairs)}, {str(n): f"g{n // 2}" for n in range(len(pairs))}


def test_macro_f1_by_hand():
    # yes: 2 of 3 found, 1 wrong: F1 = 2*2/(3+3); no: 1 of 2 found, 1 wrong: 2*1/(2+2); maybe: never: 0
    pairs = [("yes", "yes"), ("yes", "yes"), ("yes", "no"), ("no", "no"), ("no", "yes"), ("maybe", "")]
    assert macro_f1(*of(pairs), 1).value == pytest.approx((2 / 3 + 1 / 2 + 0) / 3, abs=1e-6)


def test_always_yes_earns_little():
    found = macro_f1(*of([("yes", "yes")] * 55 + [("no", "yes")] * 34 + [("maybe", "yes")] * 11), 1)
    assert found.value == pytest.approx(2 * 55 / 155 / 3, abs=1e-6)  # PubMedQA's majority baseline: 0.2366
    assert found.low < found.value < found.high


@given(LABELS)
def test_it_is_that_of_scikit_learn_s_formula(pairs):
    labels, groups = of(pairs)
    expected = []
    for name in sorted({right for right, _ in pairs}):
        hits = sum(right == given == name for right, given in pairs)
        wrong = sum((right == name) != (given == name) for right, given in pairs)
        expected.append(2 * hits / (2 * hits + wrong))
    assert macro_f1(labels, groups, 1).value == pytest.approx(np.mean(expected), abs=1e-6)


def test_a_difference_is_drawn_in_pairs():
    chance = np.random.default_rng(2)
    base = [("yes" if right else "no", "yes" if chance.random() < 0.5 else "no") for right in chance.random(200) < 0.5]
    tuned = [(right, right if chance.random() < 0.6 else given) for right, given in base]
    first, groups = of(base)
    second, _ = of(tuned)
    found = macro_f1_difference(first, second, groups, 1)
    assert found.low > 0
    assert found.p < 0.01
    assert macro_f1_difference(first, first, groups, 1).value == 0


def test_nothing_and_one_group_have_no_interval():
    assert macro_f1({}, {}, 1).value is None
    assert macro_f1({"a": ("yes", "yes")}, {"a": "g"}, 1).low is None
