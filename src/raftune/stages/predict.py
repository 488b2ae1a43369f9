"""Examples + models -> predictions: every system answers the same prompts, made by the same prompt object."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contexts import Contexts, systems_of
from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.prompts.raft import default_prompt
from raftune.records import Example, Prediction, Split, TrainedModel
from raftune.stage import StageConfig, Tools, Transport, stage

NOT_ASKED = "not_asked"


class PredictConfig(StageConfig):
    """Which systems are asked, and how."""

    systems: tuple[str, ...] = Field(default=("base", "tuned"), min_length=1)
    """Models and what they are shown: base and tuned get the example's documents; with :closed none, with :oracle the
    right one alone, with :k4 the right one and 4 distractors (:k4-absent without it; :k4-first, :k4-middle, :k4-last:
    where it stands)."""
    split: Split = "test"
    """The examples that are asked."""
    max_tokens: int = Field(default=256, ge=16)
    """Room for one reply, in tokens."""
    at_once: Annotated[int, Transport()] = 32
    """Requests in flight at the same time, in the order of the examples."""


@stage(version=1, row_type=Prediction, roles=("student",), prompts=("raft", "dsf"))
async def predict(
    tools: Tools, config: PredictConfig, examples: Artifact[Example], model: Artifact[TrainedModel]
) -> AsyncIterator[Prediction]:
    """For each system in turn the predictions in the order of the examples, so that shared documents are read once.

    An example that a system's context cannot show has a prediction that says so, with no reply.
    """
    asked = [example for example in examples if example.split == config.split]
    contexts, systems = Contexts(asked, tools.seed), systems_of(config.systems)
    for number, system in enumerate(systems):
        name, chat = tools.plugs.student(None if system.model == "base" else adapter_folder(model))
        shown = {example.id: contexts.shown(example, system.context) for example in asked}

        async def reply(
            example: Example, name: str = name, chat: ChatModel = chat, shown: Mapping[str, Example | None] = shown
        ) -> ChatReply:
            seen = shown[example.id]
            if seen is None:
                return ChatReply(text="", finish_reason=NOT_ASKED, prompt_tokens=0, completion_tokens=0)
            return await chat.complete(request_for(seen, name, config.max_tokens, tools.seed))

        done, total = number * len(asked), len(systems) * len(asked)
        async for example, answer in tools.each(asked, reply, config.at_once, total, done):
            yield Prediction(
                example=example.id,
                system=system.name,
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
