"""What a data set gives -> examples: by the assemble stage, or as its documents are given."""

import random
from collections.abc import Sequence

from raftune.artifact import Artifact, in_memory
from raftune.digest import ID_LENGTH, digest
from raftune.distractors import in_random_order
from raftune.pipeline import Run
from raftune.records import Answer, Chunk, ContextDocument, Example, Split
from raftune.replication.course import Course, Given
from raftune.stages.assemble import AssembleConfig, assemble

BARE = {"reasoning": "", "quotes": ()}


async def rows_of(run: Run, course: Course, config: AssembleConfig, split: Split, seed: int) -> Artifact[Example]:
    """The examples of a split: those for testing are independent, each shown its right document."""
    whole = {"validation": 0.0, "test": 0.0, "split_by": "chunk"}
    asked = {"layout": "independent", "oracle_share": 1.0, "draws": 1} if split == "test" else {}
    config = config.model_copy(update=whole | asked)
    rows: list[Example] = []
    for part in course.parts:
        if part.split == split:
            answers, chunks = in_memory("answer", Answer, part.answers), in_memory("chunk", Chunk, part.chunks)
            rows += [row.changed(split=split) for row in await run(assemble, config, answers, chunks)]
    given = [one for one in course.given if one.split == split]
    rows += shown(given, config, seed) if split == "train" else [example_of(one, one.documents) for one in given]
    return in_memory("assemble", Example, rows)


def bare(rows: Artifact[Example]) -> Artifact[Example]:
    """The same examples with nothing to write but the answer."""
    return in_memory("assemble", Example, [row.changed(**BARE) for row in rows])


def shown(given: Sequence[Given], config: AssembleConfig, seed: int) -> list[Example]:
    """Examples with `distractors` of those that are given, in random order; exactly P with their right documents."""
    order = sorted(given, key=lambda one: digest(["oracle", seed, one.answer.id]))
    hidden = {one.answer.id for one in order[: len(given) - round(config.oracle_share * len(given))]}
    return [with_distractors(one, config.distractors, seed, right=one.answer.id not in hidden) for one in given]


def with_distractors(one: Given, count: int, seed: int, *, right: bool) -> Example:
    """An example with its right documents and `count` distractors, or with distractors in their place."""
    generator = random.Random(digest([seed, "distractors", one.answer.id]))  # noqa: S311 - sampling
    chosen = [chunk for chunk in one.documents if chunk.id in one.right]
    places = in_random_order(
        [place for place, chunk in enumerate(one.documents) if chunk.id not in one.right], generator
    )
    distractors = [one.documents[place] for place in places]
    documents = chosen + distractors[:count] if right else distractors[: len(chosen) + count]
    generator.shuffle(documents)
    return example_of(one, documents)


def example_of(one: Given, documents: Sequence[Chunk]) -> Example:
    """An example as its documents stand. Where none of them is right the answer is to be known, as in the paper."""
    answer, names = one.answer, [chunk.id for chunk in documents]
    places = [place for place, name in enumerate(names) if name in one.right]
    oracle = names.index(answer.chunk) if answer.chunk in names and answer.chunk in one.right else None
    if oracle is None and places:
        oracle = places[0]
    known = oracle is not None
    return Example(
        answer=answer.id,
        text=answer.text,
        documents=tuple(
            ContextDocument(chunk=chunk.id, text=chunk.text, tier="oracle" if chunk.id in one.right else "near")
            for chunk in documents
        ),
        oracle=oracle,
        group=answer.question,
        document_set=digest([one.split, *names], ID_LENGTH),
        source=answer.question,
        split=one.split,
        behaviour="answer" if known else "memorise",
        reasoning=answer.reasoning if known else "",
        quotes=tuple(quote for quote in answer.quotes if quote.chunk in names) if known else (),
        final=answer.final,
        reference=answer.final,
        language=answer.language,
        kind=answer.kind,
    )
