import pytest

from raftune.artifact import in_memory
from raftune.comparing import changes, run_named
from raftune.errors import ConfigError
from raftune.records import Score


def scores(values, metric="token_f1", system="tuned", state="scored"):
    return [
        Score(example=f"e{n}", system=system, metric=metric, value=value, state=state, group=f"g{n // 2}")
        for n, value in enumerate(values)
    ]


def test_differences_are_of_the_questions_that_both_hold():
    old, new = scores([0.0, 0.5, 1.0, 0.0] * 5), scores([1.0, 0.5, 1.0, 1.0] * 5)[:16]
    (found,) = changes(old, new, "tuned", (), 0)
    assert (found.old, found.new, found.difference.n) == (0.375, 0.875, 16)
    assert found.difference.value == 0.5
    assert found.finding == "better"
    assert changes(old, new, "base", (), 0) == []


def test_less_is_better_where_it_is_and_failures_are_the_worst():
    old, new = (scores([value] * 8, "over_refusal") for value in (0.0, 1.0))
    (found,) = changes(old, new, "tuned", ("over_refusal",), 0)
    assert found.finding == "worse"
    failed = scores([None] * 8, "over_refusal", state="failed")
    (found,) = changes(failed, new, "tuned", ("over_refusal",), 0)
    assert (found.old, found.new) == (1.0, 1.0)


def test_what_does_not_apply_to_one_reply_is_left_out():
    old = scores([1.0] * 4) + scores([None], "chrf", state="not_applicable")
    (found,) = changes(old, scores([1.0] * 4) + scores([1.0], "chrf"), "tuned", (), 0)
    assert found.metric == "token_f1"
    assert found.finding == "none"


def test_runs_are_named_by_their_digest_or_their_place():
    runs = [in_memory("evaluate", Score, scores([value])) for value in (0.1, 0.2)]
    assert run_named(runs, "", 1) is runs[1]
    assert run_named(runs, runs[0].digest[:9], 1) is runs[0]
    with pytest.raises(ConfigError, match="only one"):
        run_named(runs[:1], "", 1)
    with pytest.raises(ConfigError, match="0 evaluations"):
        run_named(runs, "zzz", 0)
