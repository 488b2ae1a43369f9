"""Why a reply is wrong: one cause for each, so that people see where to work on."""

from collections.abc import Iterable, Sequence
from typing import Literal

from raftune.comparison import answer_f1, contains_verbatim, lenient_answer, says_unknown
from raftune.prompts.raft import RaftPrompt, final_answer, quotes_in, without_marks
from raftune.records import Example, Prediction
from raftune.report_records import ErrorCount

Cause = Literal[
    "no_reply", "answered_anyway", "refused", "format", "invented_quote", "wrong_document", "misread", "by_heart"
]
CAUSES: tuple[Cause, ...] = (
    "no_reply", "answered_anyway", "refused", "format", "invented_quote", "wrong_document", "misread", "by_heart",
)  # fmt: skip
RIGHT = 0.5
LONGEST = 600


def cause_of(example: Example, prediction: Prediction, prompt: RaftPrompt) -> Cause | None:
    """Why the reply to an example, as its system was shown it, is wrong; None for a right one.

    An answer is right where its F1 with the reference is at least 0.5; where the documents do not hold it, abstaining
    is. A right answer that does not stand behind the mark is a fault of the format. A wrong one is by heart where no
    documents were shown.
    """
    if prediction.finish_reason == "failed" or not prediction.reply.strip():
        return "no_reply"
    final, quotes = final_answer(prediction.reply), quotes_in(prediction.reply)
    answer = lenient_answer(final, without_marks(prediction.reply), quotes)
    abstains = not answer or prompt.is_abstention(answer) or says_unknown(answer)
    if example.behaviour == "abstain":
        return None if abstains else "answered_anyway"
    if abstains:
        return "refused"
    if answer_f1(answer, example.reference, example.language) >= RIGHT:
        return None if final else "format"
    return misreading(example, quotes)


def misreading(example: Example, quotes: Sequence[str]) -> Cause:
    """What a wrong answer rests on: something made up, another document, or the right one, misread."""
    if not example.documents:
        return "by_heart"
    places = [
        {place for place, document in enumerate(example.documents) if contains_verbatim(quote, document.text)}
        for quote in quotes
    ]
    if not all(places):
        return "invented_quote"
    return "wrong_document" if places and not any(example.oracle in found for found in places) else "misread"


def anatomy(
    asked: Iterable[tuple[Example, Prediction]], prompt: RaftPrompt, preferred: Iterable[str] = ()
) -> list[ErrorCount]:
    """How many replies of each system are wrong for each cause, with one of them, if possible of the `preferred` ids.

    `asked` pairs a prediction with its example as the system was shown it.
    """
    found: dict[tuple[str, Cause], list[tuple[Example, Prediction]]] = {}
    replies: dict[str, int] = {}
    for example, prediction in asked:
        replies[prediction.system] = replies.get(prediction.system, 0) + 1
        if cause := cause_of(example, prediction, prompt):
            found.setdefault((prediction.system, cause), []).append((example, prediction))
    first = set(preferred)
    return [
        counted(found[system, cause], system, cause, replies[system], first)
        for system in replies
        for cause in CAUSES
        if (system, cause) in found
    ]


def counted(
    wrong: Sequence[tuple[Example, Prediction]], system: str, cause: Cause, replies: int, preferred: set[str]
) -> ErrorCount:
    """The replies of one system that are wrong for one cause."""
    example, prediction = min(wrong, key=lambda pair: pair[1].example not in preferred)
    return ErrorCount(
        system=system,
        cause=cause,
        count=len(wrong),
        n=replies,
        example=prediction.example,
        question=example.text,
        reference=example.reference,
        reply=without_marks(prediction.reply).strip()[:LONGEST],
    )
