"""Rows to decide in: one for each answer, what is known of it and room for a verdict; and decisions from such rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from raftune.records import Answer, Chunk, Decision, Verdict
from raftune.reviewing.cells import lines_of, one_a_line
from raftune.reviewing.folding import edit, quotes_of, standing

EDITS = {
    "edited_question": "text",
    "edited_answer": "final",
    "edited_reasoning": "reasoning",
    "edited_quotes": "quotes",
}
"""Columns of changes, and the decision's fields they stand for."""
FACTS = (
    "question",
    "answer",
    "reasoning",
    "quotes",
    "document",
    "pages",
    "headings",
    "kind",
    "flags",
    "author",
    "passage",
)
"""Columns that tell about an answer, and are not to be changed."""
COLUMNS = ("id", "verdict", "reason", *EDITS, *FACTS, "who", "when", "decision")
VERDICTS: tuple[str, ...] = get_args(Verdict)

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Imported:
    """What was read from a file: decisions to add, rows that say nothing new, and (line, what is wrong with it)."""

    decisions: tuple[Decision, ...]
    known: int
    undecided: int
    faults: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Reviewed:
    """Answers, the chunks they are about, and the decisions about each in the order they were made."""

    answers: Mapping[str, Answer]
    chunks: Mapping[str, Chunk]
    history: Mapping[str, Sequence[Decision]]


def reviewed(answers: Iterable[Answer], chunks: Iterable[Chunk], decisions: Iterable[Decision]) -> Reviewed:
    """Everything by id."""
    history: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        history[decision.answer].append(decision)
    return Reviewed({row.id: row for row in answers}, {row.id: row for row in chunks}, history)


def review_rows(known: Reviewed, *, undecided: bool = False) -> Iterator[dict[str, str]]:
    """A row for each answer in order, or only for those `undecided`. `decision` names what was last decided."""
    for answer in known.answers.values():
        history = known.history.get(answer.id, ())
        if not (undecided and standing(history)):
            yield review_row(answer, known.chunks[answer.chunk], history)


def review_row(answer: Answer, chunk: Chunk, history: Sequence[Decision]) -> dict[str, str]:
    """The row of an answer with the decision that holds."""
    row = dict.fromkeys(COLUMNS, "") | facts_of(answer, chunk)
    row |= {"id": answer.id, "decision": history[-1].id if history else ""}
    for last in standing(history)[-1:]:
        row |= {name: getattr(last, name) for name in ("verdict", "reason", "who", "when")} | edits_of(last)
    return row


def facts_of(answer: Answer, chunk: Chunk) -> dict[str, str]:
    """What a reviewer sees of an answer."""
    return {
        "question": answer.text,
        "answer": answer.final,
        "reasoning": answer.reasoning,
        "quotes": one_a_line([quote.text for quote in answer.quotes]),
        "document": chunk.path,
        "pages": ", ".join(map(str, chunk.pages)),
        "headings": " > ".join(chunk.headings),
        "kind": answer.kind,
        "flags": ", ".join(answer.flags),
        "author": answer.author,
        "passage": chunk.text,
    }


def edits_of(decision: Decision) -> dict[str, str]:
    """A decision's changes by their columns; "" where it changes nothing."""
    texts = {column: getattr(decision, name) or "" for column, name in EDITS.items() if name != "quotes"}
    return texts | {"edited_quotes": one_a_line(quotes_of(decision) or ())}


def decisions_of(rows: Iterable[tuple[int, Cells]], known: Reviewed, who: str, when: str) -> Imported:
    """The decisions that filled-in rows add. A row that cannot be taken is named by its line, with what is wrong.

    A row whose decision was already taken from it adds nothing; nor does one that still says what was decided when it
    was written, though somebody may have decided otherwise since.
    """
    decisions: dict[str, Decision] = {}
    faults: list[tuple[int, str]] = []
    counts = {"known": 0, "undecided": 0}
    for line, given in rows:
        cells = {**given, "verdict": given.get("verdict", "").strip().lower()}
        fault = fault_of(cells, known)
        if fault is None and cells["id"] in decisions:
            fault = f"{cells['id']} stands in the file twice"
        if fault is None and cells["verdict"]:
            decision = decision_of(cells, who, when)
            problem = edit_fault(decision, known)
            if problem is not None:
                fault = problem
            elif says_nothing_new(decision, cells, known.history.get(decision.answer, ())):
                counts["known"] += 1
            else:
                decisions[decision.answer] = decision
        elif fault is None:
            counts["undecided"] += 1
        if fault is not None:
            faults.append((line, fault))
    return Imported(tuple(decisions.values()), counts["known"], counts["undecided"], tuple(faults))


def fault_of(cells: Cells, known: Reviewed) -> str | None:
    """What is wrong with a row, or None."""
    answer = known.answers.get(cells.get("id", ""))
    if answer is None:
        return f"there is no answer {cells.get('id', '')!r}"
    if unknown := sorted(set(cells) - set(COLUMNS)):
        return f"there is no column {unknown[0]!r}"
    facts = facts_of(answer, known.chunks[answer.chunk])
    changed = [name for name in FACTS if name in cells and squeezed(cells[name]) != squeezed(facts[name])]
    if changed:
        return f"the column {changed[0]} was changed; changes belong into the columns edited_..."
    verdict = cells["verdict"]
    if verdict and verdict not in VERDICTS:
        return f"the verdict {verdict!r} is none of {', '.join(VERDICTS)}"
    edited = [name for name in EDITS if cells.get(name, "")]
    if verdict == "edit" and not edited:
        return "the verdict is edit, but no column edited_... is filled in"
    if verdict != "edit" and edited:
        return f"{edited[0]} is filled in, but the verdict is not edit"
    return None


def squeezed(text: str) -> str:
    """A text without what spreadsheets change in passing: line ends and other white space."""
    return " ".join(text.split())


def decision_of(cells: Cells, who: str, when: str) -> Decision:
    """The decision of a row."""
    changes: dict[str, object] = {name: cells[column] for column, name in EDITS.items() if cells.get(column, "")}
    if "quotes" in changes:
        changes["quotes"] = lines_of(cells["edited_quotes"])
    fields = {"answer": cells["id"], "verdict": cells["verdict"], "reason": cells.get("reason", "")}
    return Decision.model_validate({**fields, **changes, "who": who, "when": when})


def edit_fault(decision: Decision, known: Reviewed) -> str | None:
    """That an edited quote does not stand in the passage, or None."""
    answer = known.answers[decision.answer]
    edited = edit(answer, decision, known.chunks[answer.chunk])
    return None if isinstance(edited, Answer) else f"the edited quote is not in the passage: {edited[:80]!r}"


def says_nothing_new(decision: Decision, cells: Cells, history: Sequence[Decision]) -> bool:
    """Whether a row holds what was decided when it was written, or its decision was taken since."""
    if decision.verdict == "undo" and not standing(history):
        return True
    if "decision" not in cells:
        return bool(history) and same(history[-1], decision)
    before = next((place for place, one in enumerate(history) if one.id == cells["decision"]), -1)
    if before >= 0 and same(history[before], decision):
        return True
    return any(same(one, decision) and one.who == decision.who for one in history[before + 1 :])


def same(one: Decision, other: Decision) -> bool:
    """Whether two decisions about an answer say the same, whoever made them."""
    return (one.verdict, one.reason, edits_of(one)) == (other.verdict, other.reason, edits_of(other))
