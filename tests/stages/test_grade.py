import json
from dataclasses import dataclass

import pytest

from raftune.artifact import in_memory
from raftune.embedders.hashed import plug as hashed
from raftune.errors import ConfigError
from raftune.judging.grader import GRADED
from raftune.judging.told import JUDGED
from raftune.records import Example, Prediction
from raftune.stage import Judge, Teacher
from raftune.stages.grade import GradeConfig, grade
from tests.judging.scripted_judge import ScriptedJudge
from tests.made_up import make_example, make_examples, make_prediction, make_predictions, make_report
from tests.support import make_tools, rows_of


@dataclass
class Plugs:
    scripted: ScriptedJudge
    model: str = "scripted"
    teacher_model: str = "teacher"

    def judge(self):
        return Judge(self.model, self.scripted, 4)

    def teacher(self):
        return Teacher(self.teacher_model, self.scripted, 1, reasoning=False)

    def embedder(self, language):
        return hashed(0)


def graded(folder, predictions, examples, plugs=None, **config):
    plugs = plugs or Plugs(ScriptedJudge())
    tools = make_tools(folder, plugs)
    inputs = in_memory("predict", Prediction, predictions), in_memory("assemble", Example, examples)
    rows = rows_of(grade, tools, GradeConfig(**{"metrics": GRADED, **config}), *inputs)
    path = tools.draft.files / JUDGED
    return rows, json.loads(path.read_text()) if path.exists() else None


def test_by_default_nobody_is_asked(tmp_path):
    example = make_example()
    plugs = Plugs(ScriptedJudge())
    rows, facts = graded(tmp_path, [make_prediction(example, "base", "x")], [example], plugs, metrics=())
    assert (rows, facts, plugs.scripted.requests) == ([], None, [])


def test_each_reply_is_graded_against_what_its_system_was_shown(tmp_path):
    example = make_example(reference="The monthly fee is 30 euros.")
    reply = "<ANSWER>: The monthly fee is 30 euros."
    systems = ("base", "tuned", "tuned:closed")
    rows, facts = graded(tmp_path, [make_prediction(example, system, reply) for system in systems], [example])
    assert [(row.system, row.metric) for row in rows] == [(system, metric) for system in systems for metric in GRADED]
    values = {(row.system, row.metric): row.value for row in rows}
    assert values["tuned", "faithfulness"] == values["tuned", "answer_correctness"] == 1.0
    assert values["tuned:closed", "faithfulness"] is None
    assert facts["judge"] == "scripted"
    assert facts["answers"] == 3
    assert facts["requests"] == 4 + 4 + 3  # the planted answers have split the reference
    assert {check["kind"] for check in facts["planted"]["en"]} == {"perfect", "wrong", "injected"}


def test_states_of_what_cannot_be_graded(tmp_path):
    absent = make_example(text="other?", oracle=None, behaviour="abstain")
    example = make_example()
    predictions = [
        make_prediction(absent, "base", "x"),
        make_prediction(example, "base", "", "failed"),
        make_prediction(absent, "base:oracle", "", "not_asked"),
        make_prediction(example, "tuned", ""),
    ]
    rows, _ = graded(tmp_path, predictions, [absent, example], planted=False)
    states = [row.state for row in rows]
    assert states == ["not_applicable"] * 4 + ["failed"] * 4 + ["not_applicable"] * 4 + ["scored"] * 4
    assert {row.value for row in rows[-4:]} == {0.0}


def test_wrong_settings_are_refused(tmp_path):
    example = make_example()
    predictions = [make_prediction(example, "base", "x")]
    with pytest.raises(ConfigError, match="no graded metric 'truth'"):
        graded(tmp_path, predictions, [example], metrics=("truth",))
    with pytest.raises(ConfigError, match="cannot judge"):
        graded(tmp_path / "b", predictions, [example], Plugs(ScriptedJudge(), model="extractive"))


def test_the_report_shows_grades_and_says_who_judged(tmp_path):
    examples = make_examples(10)
    predictions = make_predictions(examples, {"base": (0.2, False), "tuned": (0.9, True)})
    plugs = Plugs(ScriptedJudge(lambda kind, text: text.replace('"no"', '"yes"')), teacher_model="scripted")
    tools = make_tools(tmp_path / "grade", plugs)
    inputs = in_memory("predict", Prediction, predictions), in_memory("assemble", Example, examples)
    rows = rows_of(grade, tools, GradeConfig(metrics=GRADED), *inputs)
    held = stored(tmp_path / "grade" / "draft", rows)
    report = make_report(tmp_path, predictions, examples, grades=held)
    assert set(GRADED) <= {row.metric for row in report.metrics}
    assert ("judge", "scripted") in report.facts
    assert any("wrong on 6 of 9 planted answers" in text for text in report.warnings)
    assert any("wrote the training data too" in text for text in report.warnings)


def stored(folder, rows):
    """The rows as an artifact that has the files of a draft."""
    from raftune.artifact import Artifact
    from raftune.records import Score

    (folder / "rows-00000.jsonl").write_text("".join(json.dumps(row.to_row()) + "\n" for row in rows), encoding="utf-8")
    return Artifact("grade", "digest", len(rows), Score, folder, ())
