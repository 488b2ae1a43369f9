"""Examples + models -> predictions: every system answers the same prompts, made by the same prompt object."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.prompts.raft import default_prompt
from raftune.records import Example, Prediction, Split, TrainedModel
from raftune.stage import StageConfig, Tools, Transport, stage

SYSTEMS = ("base", "tuned")


class PredictConfig(StageConfig):
    """How the systems are asked."""

    split: Split = "test"
    """The examples that are asked."""
    max_tokens: int = Field(default=256, ge=16)
    """Room for one reply, in tokens."""
    at_once: Annotated[int, Transport()] = 1
    """Requests in flight at the same time. One after the other keeps questions on the same documents together."""


@stage(version=1, row_type=Prediction, roles=("student",), prompts=("raft",))
async def predict(
    tools: Tools, config: PredictConfig, examples: Artifact[Example], model: Artifact[TrainedModel]
) -> AsyncIterator[Prediction]:
    """For each system in turn the predictions in the order of the examples, so that shared documents are read once."""
    asked = [example for example in examples if example.split == config.split]
    for number, (system, adapter) in enumerate(zip(SYSTEMS, (None, adapter_folder(model)), strict=True)):
        name, chat = tools.plugs.student(adapter)

        async def reply(example: Example, name: str = name, chat: ChatModel = chat) -> ChatReply:
            return await chat.complete(request_for(example, name, config.max_tokens, tools.seed))

        async for example, answer in tools.each(
            asked, reply, config.at_once, len(SYSTEMS) * len(asked), number * len(asked)
        ):
            yield Prediction(
                example=example.id,
                system=system,
                reply=answer.text,
                finish_reason=answer.finish_reason,
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
            )


def adapter_folder(model: Artifact[TrainedModel]) -> Path:
    """The folder of the tuned model's adapter."""
    return model.file(next(iter(model)).adapter)


def request_for(example: Example, model: str, max_tokens: int, seed: int) -> ChatRequest:
    """The request that asks a student for an example's reply, greedily."""
    messages = tuple(
        ChatMessage.model_validate({"role": role, "content": text})
        for role, text in default_prompt().of_example(example)
    )
    return ChatRequest(model=model, messages=messages, max_tokens=max_tokens, seed=seed)
