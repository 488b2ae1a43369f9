"""From a line of a file to a row as checks see it, and to what is kept of it."""

import re
from functools import lru_cache

from raftune.audited import AuditRow, RowTrace
from raftune.auditing.forms import Parts
from raftune.auditing.forms.known import form_of
from raftune.checks import TEXTS, holds, key_of, number_of, refuses
from raftune.prompts.raft import final_answer, quotes_in, reasoning_of, without_marks
from raftune.records import Language
from raftune.sentences import is_korean

BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError)
RUN = 4
WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")


def row_of(fields: object, file: str, line: int, split: str) -> AuditRow | RowTrace:
    """A parsed line as a row; a trace that says what is broken, if it is no row of any form."""
    if not isinstance(fields, dict):
        return RowTrace(file, line, split, problem="not a JSON object")
    try:
        form = form_of(fields)
        parts = form.read(fields)
        if not parts.question.strip():
            return RowTrace(file, line, split, form.name, problem="no question")
        return whole_row(parts, form.name, file, line, split)
    except BROKEN as error:
        what = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        return RowTrace(file, line, split, problem=what)


def whole_row(parts: Parts, form: str, file: str, line: int, split: str) -> AuditRow:
    """The row, with what its target holds taken apart and the oracle's place worked out where it is not told."""
    quotes = quotes_in(parts.target) if parts.quotes is None else parts.quotes
    place = parts.place
    if place is None and parts.shown is None:
        place = only_source(quotes, parts.documents)
    return AuditRow(
        file=file,
        line=line,
        split=parts.split or split,
        form=form,
        question=parts.question,
        documents=parts.documents,
        target=parts.target,
        reasoning=without_marks(reasoning_of(parts.target)) if parts.reasoning is None else parts.reasoning,
        quotes=quotes,
        final=final_answer(parts.target) if parts.final is None else parts.final,
        language=parts.language or language_of(parts, place),
        shown=parts.shown,
        place=place,
        oracle=parts.oracle if place is None else parts.documents[place],
        number=parts.number,
        group=parts.group,
        draw=parts.draw,
        call=parts.call,
    )


def only_source(quotes: tuple[str, ...], documents: tuple[str, ...]) -> int | None:
    """The one document that holds all quotes, or None."""
    if not quotes:
        return None
    places = range(len(documents))
    found = [place for place in places if all(quote in documents[place] for quote in quotes)]
    found = found or [place for place in places if all(holds(documents[place], quote) for quote in quotes)]
    return found[0] if len(found) == 1 else None


def language_of(parts: Parts, place: int | None) -> Language:
    """The language of the oracle; where it is not known, that of all documents if they agree, else the question's."""
    if place is not None or parts.oracle:
        return language_in(parts.oracle if place is None else parts.documents[place])
    found = {language_in(text) for text in parts.documents}
    return found.pop() if len(found) == 1 else language_in(parts.question)


@lru_cache(maxsize=TEXTS)
def language_in(text: str) -> Language:
    """The language of a text."""
    return "ko" if is_korean(text) else "en"


def trace_of(row: AuditRow) -> RowTrace:
    """What is kept of a row."""
    documents = tuple(map(key_of, row.documents))
    return RowTrace(
        file=row.file,
        line=row.line,
        split=row.split,
        form=row.form,
        number=row.number,
        question=row.question,
        documents=documents,
        content=number_of(f"{row.split}\0{row.question}\0{documents}\0{row.target}"),
        oracle=key_of(row.oracle) if row.oracle else None,
        place=row.place,
        shown=row.shown,
        group=row.group,
        draw=row.draw,
        phrases=phrases_of(row),
    )


def phrases_of(row: AuditRow) -> tuple[str, ...]:
    """Runs of words of the final answer that stand neither in a document nor in the question."""
    final = (row.final or "").strip()
    words = WORD.findall(final.casefold())
    if len(words) < RUN or refuses(row) or any(final in text for text in row.documents):
        return ()
    known = " ".join(WORD.findall("\n".join((row.question, *row.documents)).casefold()))
    runs = dict.fromkeys(" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return tuple(run for run in runs if run not in known)
