import pytest

from raftune.artifact import in_memory
from raftune.errors import StoreError
from raftune.records import Example, Prediction
from raftune.registry import load
from raftune.stages.evaluate import METRICS, EvaluateConfig, evaluate
from tests.made_up import MetricPlugs, make_example, make_prediction, score_all
from tests.support import make_tools, rows_of


def test_each_prediction_has_a_score_of_each_metric_in_order(tmp_path):
    examples = [make_example(), make_example(text="another")]
    predictions = [make_prediction(one, system, "30") for system in ("base", "tuned") for one in examples]
    scores = list(score_all(tmp_path, predictions, examples))
    assert len(scores) == 2 * 2 * len(METRICS)
    assert [score.metric for score in scores[: len(METRICS)]] == list(METRICS)
    assert {score.group for score in scores} == {"g"}


def test_the_file_of_a_metric_has_its_name():
    assert [load("metrics", name).name for name in METRICS] == list(METRICS)


def test_replies_are_parsed_by_the_marks(tmp_path):
    example = make_example()
    reply = "##begin_quote##The monthly fee is 30 euros##end_quote##\n<ANSWER>: 30 euros"
    values = {
        score.metric: score.value for score in score_all(tmp_path, [make_prediction(example, "base", reply)], [example])
    }
    assert {metric for metric, value in values.items() if value == 1} == set(METRICS) - {
        "abstention_recall",
        "over_refusal",
    }
    assert values["abstention_recall"] is None
    assert values["over_refusal"] == 0


def test_a_reply_that_could_not_be_had_failed_in_each_metric_that_applies(tmp_path):
    example = make_example()
    states = {
        score.metric: score.state
        for score in score_all(tmp_path, [make_prediction(example, "base", "", "failed")], [example])
    }
    assert states.pop("abstention_recall") == "not_applicable"
    assert set(states.values()) == {"failed"}


def test_an_empty_reply_is_scored_as_the_worst(tmp_path):
    example = make_example()
    for score in score_all(tmp_path, [make_prediction(example, "base", "")], [example]):
        if score.metric != "abstention_recall":
            assert (score.state, score.value) == ("scored", 1.0 if score.metric == "over_refusal" else 0.0)


def test_a_prediction_of_an_unknown_example_is_an_error(tmp_path):
    predictions = in_memory("predict", Prediction, [make_prediction(make_example(), "base", "")])
    with pytest.raises(StoreError, match="example that is not there"):
        rows_of(
            evaluate, make_tools(tmp_path, MetricPlugs()), EvaluateConfig(), predictions, in_memory("e", Example, [])
        )


def test_replies_are_scored_against_what_the_system_was_shown(tmp_path):
    example = make_example()
    quote = "##begin_quote##The office opens at nine.##end_quote## <ANSWER>: 30 euros"
    systems = ("tuned", "tuned:oracle", "tuned:closed", "tuned:k1-absent")
    predictions = [make_prediction(example, system, quote) for system in systems]
    scores = {(score.system, score.metric): score for score in score_all(tmp_path, predictions, [example])}
    assert [scores[system, "quote_verbatim"].value for system in systems] == [1.0, 0.0, None, None]
    assert [scores[system, "token_f1"].value for system in systems] == [1.0, 1.0, 1.0, None]
    assert [scores[system, "abstention_recall"].value for system in systems] == [None, None, None, 0.0]
    assert {score.example for score in scores.values()} == {example.id}


def test_what_a_context_cannot_show_is_not_scored(tmp_path):
    example = make_example(oracle=None, behaviour="abstain")
    predictions = [make_prediction(example, "tuned:oracle", "", "not_asked")]
    assert {score.state for score in score_all(tmp_path, predictions, [example])} == {"not_applicable"}
