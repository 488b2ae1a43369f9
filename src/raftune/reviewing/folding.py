"""What follows from decisions: the one that holds for each answer, and an answer with a reviewer's changes."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import normalize

from raftune.comparison import find_verbatim
from raftune.records import Answer, Chunk, Decision, Quote
from raftune.sentences import is_korean

EDITED = ("text", "reasoning", "final")


class Tally(NamedTuple):
    """Answers by what was decided about them, and answers that are no more but have a decision that holds."""

    accepted: int
    edited: int
    rejected: int
    undecided: int
    gone: int


DECIDED = ("accept", "edit", "reject")


def fold(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each answer: the last one, whoever made it, that was not taken back."""
    histories: dict[str, list[Decision]] = {}
    for decision in decisions:
        take(histories.setdefault(decision.answer, []), decision)
    return {answer: history[-1] for answer, history in histories.items() if history}


def standing(history: Iterable[Decision]) -> list[Decision]:
    """The decisions about one answer that were not taken back, in their order; the last of them holds."""
    held: list[Decision] = []
    for decision in history:
        take(held, decision)
    return held


def take(held: list[Decision], decision: Decision) -> None:
    """Adds a decision to those that stand; an undo takes the last of them away, a remark changes nothing."""
    if decision.verdict == "undo":
        del held[-1:]
    elif decision.verdict in DECIDED:
        held.append(decision)


def tally(answers: Iterable[Answer], decisions: Iterable[Decision]) -> Tally:
    """How far the review has come."""
    last = fold(decisions)
    counts = {"accept": 0, "edit": 0, "reject": 0, "": 0}
    for answer in answers:
        found = last.pop(answer.id, None)
        counts[found.verdict if found else ""] += 1
    return Tally(counts["accept"], counts["edit"], counts["reject"], counts[""], len(last))


def edit(answer: Answer, decision: Decision, chunk: Chunk) -> Answer | str:
    """The answer with a reviewer's changes, or the first of the new quotes that does not stand in the chunk.

    A quote may differ from the passage in white space and in the shape of quotation marks and dashes; what is kept is
    the passage's own text.
    """
    changes: dict[str, object] = {name: value for name in EDITED if (value := getattr(decision, name)) is not None}
    wanted = quotes_of(decision)
    if wanted is not None:
        quotes = [located(text, chunk) for text in wanted]
        missing = [text for text, quote in zip(wanted, quotes, strict=True) if quote is None]
        if missing or not quotes:
            return missing[0] if missing else ""
        changes["quotes"] = tuple(quotes)
    return answer.changed(**changes, author=f"{answer.author}, edited by {decision.who}")


def quotes_of(decision: Decision) -> Sequence[str] | None:
    """The quotes a decision puts in the place of an answer's, or None."""
    if decision.quotes is not None:
        return decision.quotes
    return None if decision.quote is None else (decision.quote,)


def located(text: str, chunk: Chunk) -> Quote | None:
    """The quote where a text stands in a chunk, also in Unicode's composed form, or None."""
    span = find_verbatim(text, chunk.text) or find_verbatim(normalize("NFC", text), chunk.text)
    if span is None:
        return None
    return Quote(chunk=chunk.id, start=span[0], end=span[1], text=chunk.text[slice(*span)])


def praised(decisions: Iterable[Decision]) -> list[Decision]:
    """The replies of a chat whose last opinion is a good one, in the order they were given."""
    last = {one.answer: one for one in decisions if one.verdict in ("up", "down")}
    return [one for one in last.values() if one.verdict == "up"]


def from_chat(opinion: Decision, chunk: Chunk | None) -> Answer | str:
    """The answer that a praised reply is, or why it cannot be one."""
    if chunk is None or not opinion.quotes:
        return "reply without a quote of a passage"
    quotes = tuple(quote for text in opinion.quotes if (quote := located(text, chunk)) is not None)
    if not (quotes and opinion.text and opinion.final):
        return "quote of the reply is not in its passage"
    return Answer(
        question=opinion.answer,
        chunk=chunk.id,
        text=opinion.text,
        reasoning="",
        quotes=quotes,
        final=opinion.final,
        language="ko" if is_korean(opinion.text) else "en",
        author=f"chat, kept by {opinion.who}",
    )
