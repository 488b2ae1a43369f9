"""Answers + chunks -> examples: the documents of each question in order, with exact counts.

For each split: exactly k distractors beside the oracle; exactly round((1 - P) n) examples whose oracle is
replaced by one more distractor (the number of documents must not tell whether the answer is there); oracle
positions as even as can be (clustered: in a full set every position is the oracle of some questions).
Training examples never see a chunk of another split. All from one seed.
"""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Literal

from pydantic import Field

from raftune.artifact import Artifact
from raftune.digest import ID_LENGTH, digest
from raftune.distractors import DistractorPool
from raftune.document_sets import Group, clustered_sets, grouped_sets
from raftune.drawing import split_of, without_oracle
from raftune.errors import DocumentError
from raftune.prompts import prompt_text
from raftune.records import Answer, Chunk, ContextDocument, Example, Split
from raftune.stage import StageConfig, Tools, rows_by_id, stage

SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class AssembleConfig(StageConfig):
    """What a training example is made of."""

    distractors: int = Field(default=4, ge=0, le=50)
    """k: documents beside the oracle."""
    oracle_share: float = Field(default=0.8, ge=0, le=1)
    """P: share of examples whose oracle is shown (RAFT, section 4.4)."""
    hard_share: float = Field(default=0.5, ge=0, le=1)
    """Share of distractors that are the nearest by the retriever; the rest are drawn at random."""
    retriever: str = "bm25"
    """What finds near distractors: a file in `retrievers/`."""
    without_oracle: Literal["abstain", "memorise", "drop"] = "abstain"
    """What to answer where the oracle is not shown: that the documents do not hold it, the answer from memory
    (as the paper does), or leave such examples out."""
    layout: Literal["grouped", "clustered", "independent"] = "grouped"
    """grouped: the questions of a chunk share one set of documents, which is read once; clustered: k + 1 near chunks
    share a set, each the oracle of its own questions, so still more is read once; independent: as the paper."""
    split_by: Literal["chunk", "document", "question"] = "chunk"
    """What never crosses splits."""
    validation: float = Field(default=0.1, ge=0, lt=1)
    """Expected share of the groups kept for validation."""
    test: float = Field(default=0.1, ge=0, lt=1)
    """Expected share of the groups kept for the report."""


@stage(version=1, row_type=Example, prompts=("abstain",))
async def assemble(
    tools: Tools, config: AssembleConfig, answers: Artifact[Answer], chunks: Artifact[Chunk]
) -> AsyncIterator[Example]:
    """Examples by split, then by oracle in the order of the text. Raises DocumentError when k is too large."""
    chunk_by_id = rows_by_id(chunks)
    by_split: dict[Split, list[Answer]] = {name: [] for name in SPLITS}
    for answer in answers:
        by_split[split_of_group(tools, config, group_of(config, answer, chunk_by_id))].append(answer)
    if not by_split["train"]:
        raise DocumentError(
            "No question is left for training.", "Add documents, or look at `raftune show answer --rejects`."
        )
    for split in SPLITS:
        pool = pool_for(tools, config, split, list(chunk_by_id.values()))
        for example in examples_of(tools, config, split, by_split[split], pool, chunk_by_id):
            yield example


def group_of(config: AssembleConfig, answer: Answer, chunks: dict[str, Chunk]) -> str:
    """The unit of an answer that never crosses splits."""
    return {"chunk": answer.chunk, "document": chunks[answer.chunk].document, "question": answer.question}[
        config.split_by
    ]


def split_of_group(tools: Tools, config: AssembleConfig, group: str) -> Split:
    """The split of a group by the project's seed and the configured shares."""
    return split_of(group, tools.seed, config.validation, config.test)


def pool_for(tools: Tools, config: AssembleConfig, split: Split, chunks: list[Chunk]) -> DistractorPool:
    """The chunks that may be shown in a split: training never shows a chunk that testing asks about."""
    if split == "train" and config.split_by != "question":
        groups = {chunk.id: chunk.id if config.split_by == "chunk" else chunk.document for chunk in chunks}
        chunks = [chunk for chunk in chunks if split_of_group(tools, config, groups[chunk.id]) == "train"]
    return DistractorPool(chunks, tools.plugs.retriever(config.retriever))


def examples_of(
    tools: Tools,
    config: AssembleConfig,
    split: Split,
    answers: Sequence[Answer],
    pool: DistractorPool,
    chunks: dict[str, Chunk],
) -> Iterator[Example]:
    """The examples of one split."""
    groups = list(groups_of(tools, config, split, answers, chunks))
    sets = clustered_sets if config.layout == "clustered" else grouped_sets

    def randoms(*names: str) -> random.Random:
        return tools.random(split, *names)

    for done, one in enumerate(sets(groups, pool, config.distractors, config.hard_share, randoms), 1):
        tools.progress(done, 0, split)
        for answer in one.answers:
            yield example_of(
                config, answer, one.documents, chunks[answer.chunk], group_of(config, answer, chunks), split
            )


def groups_of(
    tools: Tools, config: AssembleConfig, split: Split, answers: Sequence[Answer], chunks: dict[str, Chunk]
) -> Iterator[Group]:
    """The split's answers, grouped by what they share, with exactly P of them shown their oracle."""
    sharing: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        sharing[answer.id if config.layout == "independent" else answer.chunk].append(answer)
    hidden = {answer.id for answer in without_oracle(sharing, config.oracle_share, tools.random("oracle", split))}
    for members in sharing.values():
        for shown in (True, False):
            part = tuple(answer for answer in members if (answer.id not in hidden) == shown)
            if not shown and config.without_oracle == "drop":
                for answer in part:
                    tools.reject(answer.id, "without oracle", answer.text)
            elif part:
                yield Group(chunks[part[0].chunk], part, shown)


def example_of(
    config: AssembleConfig, answer: Answer, documents: Sequence[Chunk], oracle: Chunk, group: str, split: Split
) -> Example:
    """One example. Without its oracle it carries neither quotes nor a reasoning that rests on them."""
    position = next((place for place, chunk in enumerate(documents) if chunk.id == oracle.id), None)
    shown = position is not None
    behaviour: Literal["answer", "abstain", "memorise"] = "answer"
    if not shown:
        behaviour = "memorise" if config.without_oracle == "memorise" else "abstain"
    return Example(
        answer=answer.id,
        text=answer.text,
        documents=tuple(ContextDocument(chunk=chunk.id, text=chunk.text) for chunk in documents),
        oracle=position,
        group=group,
        document_set=digest([split, *(chunk.id for chunk in documents)], ID_LENGTH),
        source=oracle.path,
        split=split,
        behaviour=behaviour,
        reasoning=answer.reasoning if shown else "",
        quotes=answer.quotes if shown else (),
        final=prompt_text("abstain", answer.language) if behaviour == "abstain" else answer.final,
        reference=answer.final,
        language=answer.language,
    )
