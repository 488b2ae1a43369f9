from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.records import Label, Score
from raftune.report_records import Difference
from raftune.tables import corrected_means, in_family, mean_of, tabulate


def make_score(example, system, value, metric="exact_match", state="scored"):
    return Score(example=example, system=system, metric=metric, value=value, state=state, group=example)


def mean_value(scores, metric="exact_match"):
    return mean_of(tabulate(scores, {"over_refusal"}.intersection), metric, "base", 1)


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=10), failed=st.integers(0, 5))
def test_failed_rows_never_make_a_mean_better(values, failed):
    for metric, better in (("exact_match", 1), ("over_refusal", -1)):
        scored = [make_score(f"e{number}", "base", value, metric) for number, value in enumerate(values)]
        broken = [make_score(f"f{number}", "base", None, metric, "failed") for number in range(failed)]
        before, after = mean_value(scored, metric), mean_value(scored + broken, metric)
        assert better * after.value <= better * before.value + 1e-6
        assert (after.n, after.failed) == (len(values) + failed, failed)


def test_rows_that_do_not_apply_are_not_counted():
    scores = [make_score("a", "base", 1.0), make_score("b", "base", None, state="not_applicable")]
    assert mean_value(scores).n == 1


def test_p_values_hold_for_the_whole_family():
    tested = [
        Difference(metric=name, value=0.1, low=0.0, high=0.2, n=9, clusters=9, p=p)
        for name, p in (("a", 0.01), ("b", None), ("c", 0.03))
    ]
    assert [one.p_family for one in in_family(tested)] == [0.02, None, 0.03]


def test_grades_are_corrected_where_people_labelled_a_hundred_answers():
    scores = [make_score(f"e{n}", "tuned", 1.0, "faithfulness") for n in range(150)]
    table = tabulate(scores, lambda _: ())
    labels = [Label(example=f"e{n}", system="tuned", metric="faithfulness", value=n % 4 / 3) for n in range(120)]
    (found,) = corrected_means(table, labels, 1)
    assert (found.metric, found.system, found.value, found.n) == ("faithfulness_corrected", "tuned", 0.5, 120)
    assert corrected_means(table, labels[:99], 1) == []
    assert corrected_means(table, [label.changed(system="base") for label in labels], 1) == []
