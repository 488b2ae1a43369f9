"""Answers + chunks -> examples: the documents of each question in order, with exact counts.

For each split and draw: exactly k distractors beside the oracle; exactly round((1 - P) n) examples whose oracle is
replaced by one more distractor (the number of documents must not tell whether the answer is there); oracle
positions as even as can be (clustered: in a full set every position is the oracle of some questions).
Training examples never see a chunk of another split, nor a copy of one that another split asks about, nor a question
that another split asks. All from one seed.
"""

import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from raftune.artifact import Artifact
from raftune.distractors import DistractorPool, Passages, Ranks, main_language, ranks_of
from raftune.document_sets import Group, Randoms, Wanted, clustered_sets, grouped_sets
from raftune.drawing import split_of, without_oracle
from raftune.errors import DocumentError
from raftune.examples import Policy, Rendering, groups_of
from raftune.leakage import SPLITS, LeakageReport, repeated_passages, repeated_questions
from raftune.records import Answer, Chunk, Example, Split
from raftune.stage import StageConfig, Tools, stage


class AssembleConfig(StageConfig):
    """What a training example is made of."""

    distractors: int = Field(default=4, ge=0, le=50)
    """k: documents beside the oracle."""
    oracle_share: float = Field(default=0.8, ge=0, le=1)
    """P: share of examples whose oracle is shown (RAFT, section 4.4)."""
    document_share: float = Field(default=0.25, ge=0, le=1)
    """Share of distractors that are other passages of the oracle's document."""
    near_share: float = Field(default=0.5, ge=0, le=1)
    """Share of distractors that are the nearest to the question by the retriever; what is left is drawn at random."""
    retriever: str = "bm25"
    """What finds near distractors: a file in `retrievers/`."""
    without_oracle: Literal["abstain", "memorise", "mixed", "drop"] = "abstain"
    """What to answer where the oracle is not shown: that the documents do not hold it, the answer from memory
    (as the paper does), one or the other, or leave such examples out."""
    memorise_share: float = Field(default=0.5, ge=0, le=1)
    """mixed: share of the examples without oracle that are answered from memory."""
    near_miss: float = Field(default=0.5, ge=0, le=1)
    """Share of the abstaining examples that show no passage at random, so that the subject is there without the
    answer."""
    layout: Literal["grouped", "clustered", "independent"] = "grouped"
    """grouped: the questions of a chunk share one set of documents, which is read once; clustered: k + 1 near chunks
    share a set, each the oracle of its own questions, so still more is read once; independent: as the paper."""
    draws: int = Field(default=1, ge=1, le=100)
    """How often the documents of training examples are drawn. Epochs take the draws in turn."""
    flagged: Literal["keep", "drop"] = "keep"
    """Whether answers that a check has flagged are used, such as those that a model knows without the documents."""
    split_by: Literal["chunk", "document", "question"] = "chunk"
    """What never crosses splits."""
    validation: float = Field(default=0.1, ge=0, lt=1)
    """Expected share of the groups kept for validation."""
    test: float = Field(default=0.1, ge=0, lt=1)
    """Expected share of the groups kept for the report."""

    @model_validator(mode="after")
    def shares_fit(self) -> Self:
        """Shares of one whole do not exceed it."""
        if self.document_share + self.near_share > 1:
            raise ValueError("document_share and near_share are more than 1 together")
        return self


@dataclass(frozen=True)
class Work:
    """What every split and draw is assembled with."""

    tools: Tools
    config: AssembleConfig
    passages: Passages

    def oracle(self, answer: Answer) -> Chunk:
        """The chunk an answer is about."""
        return self.passages.chunks[self.passages.place_of[answer.chunk]]

    def group_of_answer(self, answer: Answer) -> str:
        """The unit of an answer that never crosses splits."""
        return self.group_of(self.oracle(answer), answer.question)

    def group_of(self, chunk: Chunk, question: str) -> str:
        """The unit that never crosses splits."""
        return {"chunk": chunk.id, "document": chunk.document, "question": question}[self.config.split_by]

    def split_of(self, group: str) -> Split:
        """The split of a group by the project's seed and the configured shares."""
        return split_of(group, self.tools.seed, self.config.validation, self.config.test)

    def shared_by(self, answer: Answer) -> str:
        """What answers with the same documents have in common."""
        return answer.id if self.config.layout == "independent" else answer.chunk


@stage(version=3, row_type=Example, roles=("retriever",), prompts=("abstain",))
async def assemble(
    tools: Tools, config: AssembleConfig, answers: Artifact[Answer], chunks: Artifact[Chunk]
) -> AsyncIterator[Example]:
    """Examples by split and draw, then by oracle in the order of the text; beside them leakage.json.

    Raises DocumentError when k is too large, ProviderError by an embedder.
    """
    work = Work(tools, config, Passages(list(chunks)))
    by_split = split_answers(work, answers)
    hidden = hidden_from_training(work, by_split)
    by_split["train"] = list(without_copies(work, by_split["train"], hidden))
    if not by_split["train"]:
        raise DocumentError(
            "No question is left for training.", "Add documents, or look at `raftune show answer --rejects`."
        )
    ranks = await ranked(work, by_split)
    leakage = LeakageReport(work.passages, {one.id: one.chunk for some in by_split.values() for one in some})
    for split in SPLITS:
        pool = DistractorPool(work.passages, ranks, hidden if split == "train" else frozenset())
        for draw in range(config.draws if split == "train" else 1):
            for example in examples_of(work, split, draw, by_split[split], pool):
                leakage.note(example)
                yield example
    report = json.dumps(leakage.as_json(config.split_by), ensure_ascii=False, indent=2)
    (tools.draft.files / "leakage.json").write_text(report + "\n", encoding="utf-8")


def split_answers(work: Work, answers: Artifact[Answer]) -> dict[Split, list[Answer]]:
    """The answers of each split without those that ask what a split asks to which theirs gives way."""
    by_split: dict[Split, list[Answer]] = {name: [] for name in SPLITS}
    for answer in answers:
        if answer.flags and work.config.flagged == "drop":
            work.tools.reject(answer.id, "flagged", f"{', '.join(answer.flags)}: {answer.text}")
        else:
            by_split[work.split_of(work.group_of_answer(answer))].append(answer)
    left_out = set()
    for leak in repeated_questions(by_split):
        left_out.add(leak.answer.id)
        work.tools.reject(leak.answer.id, leak.reason, leak.answer.text)
    return {split: [answer for answer in some if answer.id not in left_out] for split, some in by_split.items()}


def hidden_from_training(work: Work, by_split: dict[Split, list[Answer]]) -> frozenset[int]:
    """The places of chunks that training may not show: those of other splits, and copies of what these ask about."""
    if work.config.split_by == "question":
        return frozenset()
    others = {
        place for place, chunk in enumerate(work.passages.chunks) if work.split_of(work.group_of(chunk, "")) != "train"
    }
    return frozenset(others | repeated_passages(by_split, work.passages))


def without_copies(work: Work, answers: Sequence[Answer], hidden: frozenset[int]) -> Iterator[Answer]:
    """The training answers but those about a copy of a chunk that validation or testing asks about."""
    for answer in answers:
        if work.passages.place_of[answer.chunk] in hidden:
            work.tools.reject(answer.id, "about a copy of a held-out passage", answer.text)
        else:
            yield answer


async def ranked(work: Work, by_split: dict[Split, list[Answer]]) -> Ranks:
    """The chunks nearest to the questions that share their documents."""
    questions: dict[str, list[str]] = defaultdict(list)
    for answers in by_split.values():
        for answer in answers:
            questions[work.shared_by(answer)].append(answer.text)
    queries = {name: " ".join(texts) for name, texts in questions.items()}
    retriever = work.tools.plugs.retriever(work.config.retriever, main_language(work.passages.chunks))
    return await ranks_of(
        queries, work.passages, retriever, lambda done, total: work.tools.progress(done, total, "near passages")
    )


def examples_of(
    work: Work, split: Split, draw: int, answers: Sequence[Answer], pool: DistractorPool
) -> Iterator[Example]:
    """The examples of one split in one draw."""
    config, draws = work.config, work.config.draws if split == "train" else 1

    def randoms(*names: str) -> random.Random:
        return work.tools.random(split, *names, *([str(draw)] if draw else []))

    wanted = Wanted(config.distractors, config.document_share, config.near_share, draw, draws)
    groups = shown_groups(work, split, draw, answers, randoms)
    sets = clustered_sets if config.layout == "clustered" else grouped_sets
    rendering = Rendering(work.passages, split, draw, work.group_of_answer)
    for done, one in enumerate(sets(groups, pool, wanted, randoms), 1):
        work.tools.progress(done, 0, split)
        yield from rendering.examples_on(one)


def shown_groups(work: Work, split: Split, draw: int, answers: Sequence[Answer], randoms: Randoms) -> list[Group]:
    """The answers that make examples, by what they share and teach; the same ones are left out of all draws."""
    config, sharing = work.config, dict[str, list[Answer]]()
    for answer in answers:
        sharing.setdefault(work.shared_by(answer), []).append(answer)
    if config.without_oracle == "drop":
        for answer in without_oracle(sharing, config.oracle_share, work.tools.random(split, "oracle")):
            sharing[work.shared_by(answer)].remove(answer)
            if not draw:
                work.tools.reject(answer.id, "without oracle", answer.text)
    share = 1.0 if config.without_oracle == "drop" else config.oracle_share
    policy = Policy(share, config.without_oracle, config.memorise_share, config.near_miss)
    return list(groups_of(sharing, policy, work.passages, randoms))
