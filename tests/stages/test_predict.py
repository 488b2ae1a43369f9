"""Both systems are asked the same prompts, each by its own name in the ledger."""

import json
from pathlib import Path
from typing import Any

from raftune.artifact import Artifact, in_memory
from raftune.prompts.raft import default_prompt
from raftune.records import Example, TrainedModel
from raftune.stages.predict import NOT_ASKED, PredictConfig, predict
from tests.stages.test_assemble import assembled, corpus
from tests.support import ScriptedChat, make_tools, rows_of

EXAMPLES = assembled(*corpus(30, 2), distractors=2, test=0.4)
MODEL = TrainedModel(
    base="b", adapter="adapter", adapter_sha256="0", prompt="p", steps=1, epochs=1, train_loss=1.0, validation_loss=None
)


class Plugs:
    def __init__(self) -> None:
        self.chats = {None: ScriptedChat(["base says"]), "adapter": ScriptedChat(["<ANSWER>: tuned"])}

    def student(self, adapter: Path | None) -> tuple[str, Any]:
        return ("base", self.chats[None]) if adapter is None else ("tuned", self.chats[adapter.name])


def test_systems_answer_the_same_test_prompts(tmp_path: Path) -> None:
    plugs = Plugs()
    model = Artifact("train", "digest", 1, TrainedModel, tmp_path, (MODEL,))
    (tmp_path / "rows-00000.jsonl").write_text(json.dumps(MODEL.to_row()) + "\n")
    inputs = in_memory("assemble", Example, EXAMPLES), model
    rows = rows_of(predict, make_tools(tmp_path / "t", plugs), PredictConfig(max_tokens=32), *inputs)
    tested = [example for example in EXAMPLES if example.split == "test"]
    assert tested
    assert [row.example for row in rows] == [example.id for example in tested] * 2
    assert {row.system: row.reply for row in rows} == {"base": "base says", "tuned": "<ANSWER>: tuned"}
    base, tuned = plugs.chats[None].requests, plugs.chats["adapter"].requests
    assert [request.messages for request in base] == [request.messages for request in tuned]
    assert {request.model for request in base} == {"base"}
    assert base[0].messages[1].content == default_prompt().of_example(tested[0])[1][1]


def test_systems_are_asked_in_their_contexts_and_not_where_a_context_cannot_be(tmp_path: Path) -> None:
    plugs = Plugs()
    model = Artifact("train", "digest", 1, TrainedModel, tmp_path, (MODEL,))
    (tmp_path / "rows-00000.jsonl").write_text(json.dumps(MODEL.to_row()) + "\n")
    config = PredictConfig(systems=("tuned", "tuned:closed", "base:oracle"))
    rows = rows_of(predict, make_tools(tmp_path / "t", plugs), config, in_memory("assemble", Example, EXAMPLES), model)
    tested = {example.id: example for example in EXAMPLES if example.split == "test"}
    assert [row.system for row in rows] == [name for name in config.systems for _ in tested]
    missing = {row.example for row in rows if row.finish_reason == NOT_ASKED}
    assert missing == {name for name, example in tested.items() if example.oracle is None}
    assert {row.system for row in rows if row.finish_reason == NOT_ASKED} <= {"base:oracle"}
    closed = plugs.chats["adapter"].requests[len(tested) :]
    assert not any("<DOCUMENT>" in request.messages[1].content for request in closed)
    assert all(request.messages[1].content.count("<DOCUMENT>") == 1 for request in plugs.chats[None].requests)
