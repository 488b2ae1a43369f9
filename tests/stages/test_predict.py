"""Both systems are asked the same prompts, each by its own name in the ledger."""

import json
from pathlib import Path
from typing import Any

from raftune.artifact import Artifact, in_memory
from raftune.prompts.raft import default_prompt
from raftune.records import Chunk, Example, TrainedModel
from raftune.registry import load
from raftune.stages.predict import NOT_ASKED, PredictConfig, predict
from tests.stages.test_assemble import assembled, corpus
from tests.support import ScriptedChat, make_tools, rows_of

EXAMPLES = assembled(*corpus(30, 2), distractors=2, test=0.4)
MODEL = TrainedModel(
    base="b", adapter="adapter", adapter_sha256="0", prompt="p", steps=1, epochs=1, train_loss=1.0, validation_loss=None
)


NONE, NOTHING = in_memory("dsf", TrainedModel, ()), in_memory("chunk", Chunk, ())


class Plugs:
    def __init__(self) -> None:
        self.chats = {None: ScriptedChat(["base says"]), "adapter": ScriptedChat(["<ANSWER>: tuned"])}
        self.others = {"rival": ScriptedChat(["rival says"])}

    def student(self, adapter: Path | None) -> tuple[str, Any]:
        return ("base", self.chats[None]) if adapter is None else ("tuned", self.chats[adapter.name])

    def other(self, name: str) -> tuple[str, Any]:
        return name, self.others[name]

    def retriever(self, name: str, language: str) -> Any:
        return load("retrievers", name)()


def trained(folder: Path) -> Artifact[TrainedModel]:
    (folder / "rows-00000.jsonl").write_text(json.dumps(MODEL.to_row()) + "\n")
    return Artifact("train", "digest", 1, TrainedModel, folder, (MODEL,))


def test_systems_answer_the_same_test_prompts(tmp_path: Path) -> None:
    plugs = Plugs()
    inputs = in_memory("assemble", Example, EXAMPLES), trained(tmp_path), NONE, NOTHING
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
    inputs = in_memory("assemble", Example, EXAMPLES), trained(tmp_path), NONE, NOTHING
    config = PredictConfig(systems=("tuned", "tuned:closed", "base:oracle"))
    rows = rows_of(predict, make_tools(tmp_path / "t", plugs), config, *inputs)
    tested = {example.id: example for example in EXAMPLES if example.split == "test"}
    assert [row.system for row in rows] == [name for name in config.systems for _ in tested]
    missing = {row.example for row in rows if row.finish_reason == NOT_ASKED}
    assert missing == {name for name, example in tested.items() if example.oracle is None}
    assert {row.system for row in rows if row.finish_reason == NOT_ASKED} <= {"base:oracle"}
    closed = plugs.chats["adapter"].requests[len(tested) :]
    assert not any("<DOCUMENT>" in request.messages[1].content for request in closed)
    assert all(request.messages[1].content.count("<DOCUMENT>") == 1 for request in plugs.chats[None].requests)


def test_other_models_and_one_tuned_by_heart_are_asked_too(tmp_path: Path) -> None:
    plugs, model = Plugs(), trained(tmp_path)
    inputs = in_memory("assemble", Example, EXAMPLES), NONE, model, NOTHING
    config = PredictConfig(systems=("dsf", "dsf:closed", "rival"))
    assert config.asks("dsf")
    assert not config.asks("tuned")
    rows = rows_of(predict, make_tools(tmp_path / "t", plugs), config, *inputs)
    replies = {row.system: row.reply for row in rows}
    assert replies == {"dsf": "<ANSWER>: tuned", "dsf:closed": "<ANSWER>: tuned", "rival": "rival says"}


def test_a_system_is_shown_what_the_retriever_finds(tmp_path: Path) -> None:
    chunks, answers = corpus(30, 2)
    examples = [
        one if one.oracle is None else one.changed(text=one.documents[one.oracle].text)
        for one in assembled(chunks, answers, distractors=2, test=0.4)
    ]
    inputs = in_memory("assemble", Example, examples), trained(tmp_path), NONE, in_memory("chunk", Chunk, chunks)
    config, plugs = PredictConfig(systems=("base:r3", "base:r1")), Plugs()
    assert config.retrieves == 3
    rows = rows_of(predict, make_tools(tmp_path / "t", plugs), config, *inputs)
    counts = {"base:r3": 3, "base:r1": 1}
    texts = {chunk.id: chunk.text for chunk in chunks}
    for row, request in zip(rows, plugs.chats[None].requests, strict=True):
        assert len(row.retrieved) == counts[row.system]
        assert all(document.text == texts[document.chunk] for document in row.retrieved)
        assert request.messages[1].content.count("<DOCUMENT>") == counts[row.system]
    tested = {example.id: example for example in examples if example.split == "test" and example.oracle is not None}
    found = [
        tested[row.example].documents[tested[row.example].oracle].chunk in {one.chunk for one in row.retrieved}
        for row in rows
        if row.example in tested and row.system == "base:r3"
    ]
    assert found
    assert all(found)
