import asyncio

from raftune.artifact import in_memory
from raftune.records import CostQuote, Example, Prediction, TrainedModel
from raftune.replication import asking
from raftune.replication.arms import Arm
from raftune.replication.course import Course
from raftune.replication.replicate import benchmark_of, settings_for
from tests.replication.made import make_given

MODEL = TrainedModel(
    base="b", adapter="a", adapter_sha256="0", prompt="p", steps=1, epochs=1, train_loss=1.0, validation_loss=None
)


class Stages:
    """Notes what is run; replies with the system's name."""

    def __init__(self):
        self.ran = []

    async def __call__(self, stage, config, *inputs):
        rows = list(inputs[0])
        assert len({one.name for one in inputs}) == len(inputs), "keys would leave one out"
        self.ran.append((stage.name, getattr(config, "systems", None), [len(list(one)) for one in inputs]))
        if stage.name == "estimate":
            return in_memory("estimate", CostQuote, ())
        if stage.name in ("train", "dsf"):
            return in_memory(stage.name, TrainedModel, [MODEL.changed(prompt=f"{stage.name} {rows[0].id}")])
        made = [
            Prediction(
                example=row.id,
                system=config.systems[0],
                reply="",
                finish_reason="stop",
                prompt_tokens=1,
                completion_tokens=1,
            )
            for row in rows
        ]
        return in_memory("predict", Prediction, made)


def asked(arm):
    stages = Stages()
    course = Course({}, given=(*(make_given(n) for n in range(3)), make_given(7, "test"), make_given(8, "test")))
    one = asking.Asking(stages, settings_for(benchmark_of("hotpotqa"), []), course, 0)

    async def both():
        return await one.replies(arm, await one.testing())

    return asyncio.run(both()), stages.ran


def test_each_student_is_tuned_once_and_asked_under_the_names_of_the_arm():
    replies, ran = asked(Arm("x", {"x k=0": "tuned:k0", "x": "tuned", "plain": "base", "by heart": "dsf:closed"}))
    assert [reply.system for reply in replies] == ["x k=0"] * 2 + ["x"] * 2 + ["plain"] * 2 + ["by heart"] * 2
    assert [name for name, *_ in ran] == ["estimate", "train", "predict", "predict", "predict", "dsf", "predict"]
    # questions, the model tuned with documents, the one without, passages to find
    assert [sizes for name, _, sizes in ran if name == "predict"] == [
        [2, 1, 0, 0],
        [2, 1, 0, 0],
        [2, 0, 0, 0],
        [2, 0, 1, 0],
    ]


def test_an_arm_changes_its_training_rows_only():
    (_, usual), (_, other) = asked(Arm("x", {"x": "tuned"})), asked(Arm("x", {"x": "tuned"}, bare=True))
    assert usual == other
    course = Course({}, given=(make_given(), make_given(5, "test")), slices={make_given(5, "test").answer.id: "one"})
    one = asking.Asking(Stages(), settings_for(benchmark_of("hotpotqa"), []), course, 0)
    testing = asyncio.run(one.testing())
    assert len(one.among(testing, ("one",))) == len(one.among(testing, ())) == 1
    assert len(one.among(testing, ("two",))) == 0
    assert one.among(testing, ()).row_type is Example
