import json
import pkgutil
from dataclasses import replace

import pytest

from raftune import metrics
from raftune.artifact import in_memory, open_artifact
from raftune.errors import ConfigError
from raftune.records import Label, Score, TrainedModel
from raftune.stages.report import ReportConfig, curve_of, rejects_of
from tests.made_up import make_example, make_examples, make_prediction, make_predictions, make_report

RIGHT = "##begin_quote##The monthly fee is 30 euros##end_quote##\n<ANSWER>: 30 euros"


def four_questions():
    """The base answers the first question, the tuned model the first three."""
    examples = [make_example(text=f"q{number}", group=f"g{number}") for number in range(4)]
    predictions = [
        make_prediction(example, system, RIGHT if number < right else "no idea")
        for system, right in (("base", 1), ("tuned", 3))
        for number, example in enumerate(examples)
    ]
    return examples, predictions


def test_a_better_model_is_called_better(tmp_path):
    examples = make_examples(45)
    found = make_report(tmp_path, make_predictions(examples, {"base": (0.2, False), "tuned": (0.95, True)}), examples)
    assert found.helped is True
    assert found.verdict.startswith("The tuned model is better")
    assert (found.questions, found.groups, found.shared_groups) == (45, 15, 0)


def test_a_worse_model_is_called_worse(tmp_path):
    examples = make_examples(45)
    found = make_report(tmp_path, make_predictions(examples, {"base": (0.95, True), "tuned": (0.1, True)}), examples)
    assert found.helped is False
    assert found.verdict.startswith("The tuned model is worse")


def test_two_equal_models_show_no_difference(tmp_path):
    examples = make_examples(45)
    found = make_report(tmp_path, make_predictions(examples, {"base": (0.6, True), "tuned": (0.6, True)}), examples)
    assert found.helped is None
    assert found.verdict.startswith("No difference")
    assert "could have been seen" in found.verdict


def test_korean(tmp_path):
    examples = make_examples(45, "ko")
    predictions = make_predictions(examples, {"base": (0.2, False), "tuned": (0.95, True)})
    found = make_report(tmp_path, predictions, examples, ReportConfig(language="ko"))
    assert found.helped is True
    assert found.verdict.startswith("튜닝한 모델이 바탕 모델보다 낫습니다.")
    assert found.warnings[0].startswith("시험 질문 45개는 적습니다.")


def test_means_differences_and_pairs_by_hand(tmp_path):
    examples, predictions = four_questions()
    found = make_report(tmp_path, predictions, examples)
    values = {(mean.metric, mean.system): (mean.value, mean.n, mean.failed) for mean in found.metrics}
    assert values["exact_match", "base"] == (0.25, 4, 0)
    assert values["exact_match", "tuned"] == (0.75, 4, 0)
    difference = next(one for one in found.differences if one.metric == "quote_from_oracle")
    assert (difference.value, difference.n, difference.clusters) == (0.5, 4, 4)
    assert difference.paired is not None
    assert difference.paired.model_dump() == {"both": 1, "only_base": 0, "only_tuned": 2, "neither": 1, "p": 0.5}


def test_a_metric_that_never_applies_is_left_out(tmp_path):
    examples, predictions = four_questions()
    found = make_report(tmp_path, predictions, examples)
    assert "abstention_recall" not in {mean.metric for mean in found.metrics}


def test_lower_is_better_is_right_when_it_is_0(tmp_path):
    examples, predictions = four_questions()
    refused = [
        one.model_copy(update={"reply": "I do not know"}) if one.system == "base" else one for one in predictions
    ]
    difference = next(
        one for one in make_report(tmp_path, refused, examples).differences if one.metric == "over_refusal"
    )
    assert not difference.higher_is_better
    assert difference.value == -1
    assert difference.paired is not None
    assert difference.paired.only_tuned == 4


def test_a_reply_that_is_missing_counts_as_the_worst(tmp_path):
    examples, predictions = four_questions()
    found = make_report(tmp_path, predictions[:-1], examples)
    values = {(mean.metric, mean.system): mean for mean in found.metrics}
    assert (values["format", "tuned"].n, values["format", "tuned"].failed) == (4, 1)
    assert values["over_refusal", "tuned"].value == 0.25
    assert "25.0" in found.warnings[0]


def test_the_report_does_not_depend_on_the_clock_or_the_place(tmp_path):
    examples, predictions = four_questions()
    assert make_report(tmp_path / "a", predictions, examples) == make_report(tmp_path / "b", predictions, examples)


def test_rows_are_as_many_as_asked_for_and_name_the_better_system(tmp_path):
    examples, predictions = four_questions()
    assert len(make_report(tmp_path, predictions, examples, ReportConfig(rows=2)).rows) == 2
    rows = make_report(tmp_path, predictions, examples).rows
    assert [row.outcome for row in rows] == ["same", "tuned", "tuned", "same"]
    assert [reply.system for reply in rows[0].replies] == ["base", "tuned"]


def test_leaks_between_splits_are_counted_and_warned_of(tmp_path):
    examples, predictions = four_questions()
    training = [make_example(text="other", group="g1", split="train")]
    found = make_report(tmp_path, predictions, [*examples, *training])
    assert found.shared_groups == 1
    assert found.warnings[0].startswith("1 groups stand in more than one split")
    assert [(cell.split, cell.behaviour, cell.examples) for cell in found.funnel] == [
        ("train", "answer", 1),
        ("test", "answer", 4),
    ]


def test_slices_split_the_test_questions(tmp_path):
    examples = make_examples(30)
    found = make_report(tmp_path, make_predictions(examples, {"base": (0, True), "tuned": (1, True)}), examples)
    counts = {(cell.part, cell.label): cell.n for cell in found.slices if cell.metric == "token_f1_lenient"}
    assert counts["oracle", "present"] == 24
    assert counts["oracle", "absent"] == 0
    assert counts["source", "rules.pdf"] + counts["source", "handbook.pdf"] == 24
    assert not any(part == "language" for part, _ in counts)


def test_abstentions_make_a_square(tmp_path):
    examples = make_examples(30)
    found = make_report(tmp_path, make_predictions(examples, {"base": (0, True), "tuned": (1, True)}), examples)
    base, tuned = found.abstentions
    assert (base.present_answered, base.absent_answered, base.absent_abstained) == (24, 6, 0)
    assert (tuned.present_answered, tuned.absent_answered, tuned.absent_abstained) == (24, 0, 6)


def test_systems_that_are_not_there_are_an_error(tmp_path):
    examples, predictions = four_questions()
    with pytest.raises(ConfigError, match="no scores of the system 'raft'"):
        make_report(tmp_path, predictions, examples, ReportConfig(tuned="raft"))


def test_the_curve_is_read_from_the_model_and_tolerates_empty_cells(tmp_path):
    assert list(curve_of(in_memory("train", TrainedModel, []))) == []
    (tmp_path / "files").mkdir()
    manifest = {"stage": "train", "digest": "d", "rows": 0, "rejected": {}}
    (tmp_path / "artifact.json").write_text(json.dumps(manifest))
    model = open_artifact(tmp_path, TrainedModel)
    assert list(curve_of(model)) == []
    (tmp_path / "files" / "metrics.csv").write_text("step,train_loss,valid_loss\n1,2.5,\n2,1.5,1.75\n")
    assert [(point.step, point.train_loss, point.validation_loss) for point in curve_of(model)] == [
        (1, 2.5, None),
        (2, 1.5, 1.75),
    ]


def test_a_long_curve_is_thinned_but_keeps_what_validation_measured(tmp_path):
    (tmp_path / "files").mkdir()
    manifest = {"stage": "train", "digest": "d", "rows": 0, "rejected": {}}
    (tmp_path / "artifact.json").write_text(json.dumps(manifest))
    lines = [f"{step},1.0,{'0.5' if step % 77 == 0 else ''}" for step in range(1, 1001)]
    (tmp_path / "files" / "metrics.csv").write_text("\n".join(["step,train_loss,valid_loss", *lines]))
    points = list(curve_of(open_artifact(tmp_path, TrainedModel)))
    assert len(points) < 220
    assert sum(point.validation_loss is not None for point in points) == 12


def test_rejects_are_named_by_stage():
    scores = replace(in_memory("evaluate", Score, []), rejected=(("bad reply", 3),))
    assert rejects_of(scores) == (("evaluate: bad reply", 3),)


def test_every_metric_can_be_reported_also_where_it_applies_to_one_reply_alone(tmp_path):
    names = sorted(module.name for module in pkgutil.iter_modules(metrics.__path__))
    examples = make_examples(20)
    unknown = next(example.final for example in examples if example.oracle is None)
    base = [make_prediction(example, "base", f"<ANSWER>: {unknown}") for example in examples]
    tuned = [make_prediction(one, "tuned", f"<ANSWER>: {one.final}") for one in examples[:10]]
    tuned += [make_prediction(one, "tuned", f"<ANSWER>: {unknown}") for one in examples[10:]]
    found = make_report(tmp_path, [*base, *tuned], examples, metrics=names)
    assert {row.metric for row in found.differences} == set(names) - {"choice", "api_call", "api_call_exact"}
    precision = {row.system: row for row in found.metrics if row.metric == "abstention_precision"}
    assert (precision["base"].n, precision["base"].value) == (20, 0.2)
    (difference,) = (row for row in found.differences if row.metric == "abstention_precision")
    assert (difference.n, difference.value) == (12, 0.0)


def test_choices_have_their_macro_f1_beside_the_share_that_is_right(tmp_path):
    rights = ["yes", "yes", "yes", "no"]
    examples = [make_example(text=f"q{n}", group=f"g{n}", reference=right) for n, right in enumerate(rights)]
    predictions = [
        make_prediction(example, system, f"<ANSWER>: {'yes' if system == 'base' else example.reference}")
        for system in ("base", "tuned")
        for example in examples
    ]
    found = make_report(tmp_path, predictions, examples, metrics=("choice", "token_f1_lenient"))
    values = {(mean.metric, mean.system): mean.value for mean in found.metrics}
    assert (values["choice", "base"], values["choice", "tuned"]) == (0.75, 1.0)
    assert values["choice_macro_f1", "base"] == pytest.approx((6 / 7 + 0) / 2, abs=1e-6)
    assert values["choice_macro_f1", "tuned"] == 1.0
    (difference,) = (one for one in found.differences if one.metric == "choice_macro_f1")
    assert difference.value == pytest.approx(1 - 3 / 7, abs=1e-6)


def test_labels_are_counted_whether_they_are_enough_or_not(tmp_path):
    examples, predictions = four_questions()
    labels = [
        Label(example=examples[0].id, system="tuned", metric="exact_match", value=1.0),
        Label(example="gone", system="tuned", metric="exact_match", value=1.0),
    ]
    facts = dict(make_report(tmp_path, predictions, examples, labels=labels).facts)
    assert facts["labels"] == "exact_match tuned 1, – 1"
    assert "labels" not in dict(make_report(tmp_path, predictions, examples).facts)
