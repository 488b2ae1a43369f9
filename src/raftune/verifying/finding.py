"""Whether a question leads back to its own passage: one that says too little finds others first.

"What is the case number?" is a whole sentence and answered by its passage, but nobody who sees only the question knows
which case is meant. Neither does a search.
"""

from collections.abc import Sequence

from raftune.contracts import Retriever
from raftune.records import Answer, Chunk


async def not_found(
    retriever: Retriever, answers: Sequence[Answer], chunks: Sequence[Chunk], count: int
) -> frozenset[str]:
    """The ids of the answers whose passage is not among the `count` passages nearest to their question.

    Raises ProviderError where the retriever embeds by an endpoint that does not answer.
    """
    await retriever.index([chunk.text for chunk in chunks])
    nearest = await retriever.nearest([answer.text for answer in answers], count)
    return frozenset(
        answer.id
        for answer, places in zip(answers, nearest, strict=True)
        if answer.chunk not in {chunks[place].id for place in places}
    )
