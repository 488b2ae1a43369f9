import pytest

from raftune.records import Score
from raftune.replication.results import PAIRS, order_of, table_facts, table_found
from raftune.replication.scoring import Marks


def scores(system, values, metric="f1"):
    return [
        Score(example=f"e{n}", system=system, metric=metric, value=value, state="scored", group=f"g{n}")
        for n, value in enumerate(values)
    ]


def table(base, dsf, tuned):
    marks = Marks([*scores("base", base), *scores("dsf", dsf), *scores("tuned", tuned)])
    return table_found(marks, ("base", "dsf", "tuned"), ("f1", "nothing"), PAIRS, 0)


def test_means_and_paired_differences():
    facts = table_facts(table([0.0] * 20, [0.0] * 10 + [1.0] * 10, [1.0] * 20))
    assert {name: row["f1"]["value"] for name, row in facts["systems"].items()} == {"base": 0, "dsf": 0.5, "tuned": 1}
    assert [(one["systems"], one["value"]) for one in facts["differences"]] == [
        (["base", "dsf"], 0.5),
        (["dsf", "tuned"], 0.5),
        (["base", "tuned"], 1.0),
    ]
    assert facts["differences"][0]["mcnemar"] == {
        "only_first": 0,
        "only_second": 10,
        "p": pytest.approx(2 / 1024, abs=1e-5),
    }
    assert all(one["p_holm"] >= one["p"] for one in facts["differences"])


@pytest.mark.parametrize(
    ("base", "dsf", "tuned", "order"),
    [
        ([0.0] * 20, [0.0] * 10 + [1.0] * 10, [1.0] * 20, "shown"),
        ([0.0] * 20, [0.0] * 19 + [1.0], [1.0] * 20, "as means"),
        ([0.0] * 20, [1.0] * 20, [0.0] * 19 + [1.0], "no"),
        ([1.0] * 20, [1.0] * 20, [1.0] * 20, "no"),
    ],
)
def test_the_order_that_the_paper_claims(base, dsf, tuned, order):
    assert order_of(table(base, dsf, tuned), "f1") == order


def test_a_system_that_is_missing_has_no_order():
    marks = Marks([*scores("base", [0.0, 1.0]), *scores("tuned", [1.0, 1.0])])
    found = table_found(marks, ("base", "dsf", "tuned"), ("f1",), PAIRS, 0)
    assert order_of(found, "f1") == "no"
    assert [one.systems for one in found.compared] == [("base", "tuned")]


def test_choices_get_macro_f1():
    labels = {"e0": ("yes", "yes"), "e1": ("no", "no"), "e2": ("no", "yes"), "e3": ("yes", "yes")}
    marks = Marks(
        [*scores("base", [1, 1, 1, 1], "choice"), *scores("tuned", [1, 1, 0, 1], "choice")],
        {"base": {key: (right, right) for key, (right, _) in labels.items()}, "tuned": labels},
    )
    found = table_facts(table_found(marks, ("base", "tuned"), ("choice_macro_f1",), (("base", "tuned"),), 0))
    assert found["systems"]["tuned"]["choice_macro_f1"]["value"] == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-6)
    assert found["differences"][0]["value"] == pytest.approx((0.8 + 2 / 3) / 2 - 1, abs=1e-6)
