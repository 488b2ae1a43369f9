"""Examples + models -> predictions: every system answers the same prompts, made by the same prompt object."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contexts import Contexts, System, systems_of
from raftune.contracts import ChatMessage, ChatModel, ChatReply, ChatRequest
from raftune.prompts.raft import default_prompt
from raftune.records import Chunk, ContextDocument, Example, Prediction, Split, TrainedModel
from raftune.stage import StageConfig, Tools, Transport, stage

NOT_ASKED = "not_asked"


class PredictConfig(StageConfig):
    """Which systems are asked, and how."""

    systems: tuple[str, ...] = Field(default=("base", "tuned"), min_length=1)
    """Models and what they are shown. base and tuned; dsf, which is then tuned too, on the same answers without
    documents; names of [models]. Alone they get the example's documents; with :closed none, with :oracle the right one
    alone, with :k4 the right one and 4 distractors (:k4-absent without it; :k4-first, :k4-middle, :k4-last: where it
    stands), with :r4 the 4 passages that the retriever finds among all."""
    retriever: Literal["bm25", "embedding", "hybrid"] = "bm25"
    """What finds the passages of :r4, as under [retrieve]."""
    split: Split = "test"
    """The examples that are asked."""
    max_tokens: int = Field(default=256, ge=16)
    """Room for one reply, in tokens."""
    at_once: Annotated[int, Transport()] = 32
    """Requests in flight at the same time, in the order of the examples."""

    def asks(self, model: str) -> bool:
        """Whether one of the systems is this model."""
        return any(one.model == model for one in systems_of(self.systems))

    @property
    def finds_with(self) -> str:
        """The retriever that finds passages; bm25, which asks nobody, where none are found."""
        return self.retriever if self.retrieves else "bm25"

    @property
    def retrieves(self) -> int:
        """The most passages that a system is to be found; 0 where none is."""
        return max(one.retrieves for one in systems_of(self.systems))


@stage(version=1, row_type=Prediction, roles=("student", "others", "finder"), prompts=("raft", "dsf"))
async def predict(
    tools: Tools,
    config: PredictConfig,
    examples: Artifact[Example],
    model: Artifact[TrainedModel],
    by_heart: Artifact[TrainedModel],
    chunks: Artifact[Chunk],
) -> AsyncIterator[Prediction]:
    """For each system in turn the predictions in the order of the examples, so that shared documents are read once.

    An example that a system's context cannot show has a prediction that says so, with no reply. `by_heart` holds the
    model tuned without documents where a system asks it, `chunks` all passages where one is found some.
    """
    asked = [example for example in examples if example.split == config.split]
    contexts, systems = Contexts(asked, tools.seed), systems_of(config.systems)
    found = await passages_found(tools, config, asked, chunks)
    for number, system in enumerate(systems):
        name, chat = opened(tools, system, {"tuned": model, "dsf": by_heart})
        retrieved = {example.id: tuple(found.get(example.id, ())[: system.retrieves]) for example in asked}
        shown = {example.id: contexts.shown(example, system.context, retrieved[example.id]) for example in asked}

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
                retrieved=retrieved[example.id],
            )


def opened(tools: Tools, system: System, tuned: Mapping[str, Artifact[TrainedModel]]) -> tuple[str, ChatModel]:
    """A system's model, ready to be asked, and the name that tells its weights apart."""
    if system.model == "base":
        return tools.plugs.student(None)
    if system.model in tuned:
        return tools.plugs.student(adapter_folder(tuned[system.model]))
    return tools.plugs.other(system.model)


async def passages_found(
    tools: Tools, config: PredictConfig, asked: Sequence[Example], chunks: Artifact[Chunk]
) -> dict[str, list[ContextDocument]]:
    """For each example as many passages as any system wants, the nearest first, of those in its language."""
    found: dict[str, list[ContextDocument]] = {}
    if not config.retrieves:
        return found
    passages = list(chunks)
    for language in sorted({example.language for example in asked}):
        known = [chunk for chunk in passages if chunk.language == language] or passages
        questions = [example for example in asked if example.language == language]
        retriever = tools.plugs.retriever(config.retriever, language)
        await retriever.index([chunk.text for chunk in known])
        nearest = await retriever.nearest([example.text for example in questions], config.retrieves)
        for example, places in zip(questions, nearest, strict=True):
            rows = (known[place] for place in places)
            found[example.id] = [ContextDocument(chunk=row.id, text=row.text, tier="near") for row in rows]
    return found


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
