"""Answers + people's decisions -> approved answers. Where nobody reviews, answers pass through.

Review stands before `assemble`, so that the counts of the training set (k, P, splits) are exact over what
people approved, and a decision outlives any change of distractors.
"""

from collections.abc import AsyncIterator, Iterable

from raftune.artifact import Artifact
from raftune.errors import WaitingForReview
from raftune.records import Answer, Chunk, Decision, Quote
from raftune.stage import StageConfig, Tools, rows_by_id, stage


class ReviewConfig(StageConfig):
    """Whether people must decide."""

    required: bool = False
    """Stop politely (exit code 6) until every answer has a decision."""


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
            "Add them to decisions.jsonl, then run again.",
        )
    chunk_by_id = rows_by_id(chunks)
    for answer in answers:
        decision = last.get(answer.id)
        if decision is None or decision.verdict == "accept":
            yield answer
        elif decision.verdict == "reject":
            tools.reject(answer.id, "rejected in review", decision.reason)
        elif (edited := edit(answer, decision, chunk_by_id[answer.chunk])) is not None:
            yield edited
        else:
            tools.reject(answer.id, "edited quote is not in the document", decision.quote or "")


def fold(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each answer: the last one, and none after an undo."""
    last: dict[str, Decision] = {}
    for decision in decisions:
        if decision.verdict == "undo":
            last.pop(decision.answer, None)
        else:
            last[decision.answer] = decision
    return last


def edit(answer: Answer, decision: Decision, chunk: Chunk) -> Answer | None:
    """The answer with a reviewer's changes, or None when the new quote does not stand in the chunk."""
    changes: dict[str, object] = {
        name: value for name in ("text", "reasoning", "final") if (value := getattr(decision, name)) is not None
    }
    if decision.quote is not None:
        start = chunk.text.find(decision.quote)
        if start < 0 or not decision.quote:
            return None
        end = start + len(decision.quote)
        changes["quotes"] = (Quote(chunk=chunk.id, start=start, end=end, text=decision.quote),)
    return answer.changed(**changes, author=f"{answer.author}, edited by {decision.who}")
