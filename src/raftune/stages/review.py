"""Answers + people's decisions -> approved answers. Where nobody reviews, answers pass through.

Review stands before `assemble`, so that the counts of the training set (k, P, splits) are exact over what
people approved, and a decision outlives any change of distractors.
"""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.errors import WaitingForReview
from raftune.records import Answer, Chunk, Decision
from raftune.reviewing.folding import edit, fold, from_chat, praised
from raftune.stage import StageConfig, Tools, rows_by_id, stage


class ReviewConfig(StageConfig):
    """Whether people must decide."""

    required: bool = False
    """Stop politely (exit code 6) until every answer has a decision."""
    keep_chat: bool = False
    """Add the replies of the chat page that somebody found good and that quote a passage, as answers of their own."""


@stage(version=1, row_type=Answer)
async def review(
    tools: Tools,
    config: ReviewConfig,
    answers: Artifact[Answer],
    decisions: Artifact[Decision],
    chunks: Artifact[Chunk],
) -> AsyncIterator[Answer]:
    """Accepted, edited and (unless `required`) undecided answers; raises WaitingForReview when some must be decided."""
    last = fold(decisions)
    undecided = sum(answer.id not in last for answer in answers)
    if config.required and undecided:
        raise WaitingForReview(
            f"{undecided} of {len(answers)} answers wait for a decision.",
            "`raftune review --export FILE.csv --undecided` writes them to a file to decide in.",
        )
    chunk_by_id = rows_by_id(chunks)
    for answer in answers:
        decision = last.get(answer.id)
        if decision is None or decision.verdict == "accept":
            yield answer
        elif decision.verdict == "reject":
            tools.reject(answer.id, "rejected in review", decision.reason)
        else:
            edited = edit(answer, decision, chunk_by_id[answer.chunk])
            if isinstance(edited, Answer):
                yield edited
            else:
                tools.reject(answer.id, "edited quote is not in the document", edited)
    for opinion in praised(decisions) if config.keep_chat else ():
        made = from_chat(opinion, chunk_by_id.get(opinion.chunk or ""))
        if isinstance(made, Answer):
            yield made
        else:
            tools.reject(opinion.answer, made, opinion.text or "")
