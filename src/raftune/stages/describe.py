"""Everything up to the examples -> what the training set is made of, and which parts of the documents it rests on."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from pydantic import Field

from raftune.artifact import Artifact
from raftune.describing.coverage import ChunkPlace, coverage_of, place_of
from raftune.describing.examples import ExampleTally
from raftune.records import Answer, Chunk, Document, Example, Question
from raftune.report_records import DatasetDescription, DocumentCoverage, FunnelStep
from raftune.stage import StageConfig, Tools, stage


class DescribeConfig(StageConfig):
    """How the training set is described."""

    bars: int = Field(default=20, ge=2, le=100)
    """Most bars of a chart of lengths."""


@stage(version=1, row_type=DatasetDescription)
async def describe(  # noqa: PLR0917 - every step of the funnel is an input
    tools: Tools,  # noqa: ARG001 - a stage's shape
    config: DescribeConfig,
    documents: Artifact[Document],
    chunks: Artifact[Chunk],
    questions: Artifact[Question],
    answers: Artifact[Answer],
    verified: Artifact[Answer],
    approved: Artifact[Answer],
    examples: Artifact[Example],
) -> AsyncIterator[DatasetDescription]:
    """One description. Documents that are drawn more than once count again in positions, tiers and their lengths."""
    seen = ExampleTally()
    for example in examples:
        seen.add(example)
    asked = Counter(question.chunk for question in questions)
    kept = Counter(answer.chunk for answer in approved if answer.id in seen.answers)
    steps: tuple[Artifact[Any], ...] = (chunks, questions, answers, verified, approved, examples)
    yield DatasetDescription(
        counts=tuple(seen.counts()),
        lengths=tuple(seen.spreads(config.bars)),
        positions=seen.positions(),
        hidden=seen.hidden,
        shown=tuple(sorted(seen.shown.items())),
        tiers=seen.by_tier(),
        flags=tuple(sorted(seen.flags.items())),
        funnel=tuple(FunnelStep(stage=one.name, rows=len(one), rejected=one.rejected) for one in steps),
        coverage=tuple(coverages(documents, chunks, asked, kept)),
    )


def coverages(
    documents: Artifact[Document], chunks: Artifact[Chunk], asked: Mapping[str, int], kept: Mapping[str, int]
) -> Iterator[DocumentCoverage]:
    """The coverage of each document, in order; of chunks only their places are held."""
    places: dict[str, list[ChunkPlace]] = defaultdict(list)
    for chunk in chunks:
        places[chunk.document].append(place_of(chunk))
    for document in documents:
        name = f"{document.path}#{document.part}" if document.part else document.path
        yield coverage_of(document, name, places[document.id], asked, kept)
