"""Quotes as exact spans: by line number, or by a text that is found, mended to the source's own words, or refused."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from raftune.comparison import SAME_MARKS, find_verbatim, is_evidence
from raftune.errors import BadReply
from raftune.records import Chunk, Quote
from raftune.teaching.lines import Line

LEAST_LIKENESS = 0.8
"""A near miss is mended where so much of the quote's words stands in the source in this order."""
MOST_QUOTES = 4
NUMBER = re.compile(r"\[?(?:sentence|line|문장|줄|s)?[\s_#.]*(\d{1,3})\]?\.?", re.IGNORECASE)
LINE_MARK = re.compile(r"^\s*\[\d{1,3}\]\s*")
ELLIPSIS = re.compile(r"\s*(?:\[\.\.\.\]|\[…\]|\.\.\.|…)\s*")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
NEGATION = re.compile(r"\b(?:no|not|never|neither|nor|none|without|unless|except)\b|n['’]t\b|않|없|아니|못|말아|제외")
EDGES = string.punctuation + "“”‘’「」『』《》〈〉…·"

Interval = tuple[int, int]


def quotes_of(given: Any, chunk: Chunk, lines: Sequence[Line]) -> tuple[Quote, ...]:
    """Each of a teacher's quotes as spans of the chunk's text, in the order of the text, none inside another.

    A quote is a line's number, or text. Text stands there exactly, or but for white space and the shape of marks, or is
    mended to the source's own words; parts that an ellipsis joins are quotes of their own. One too short to be
    evidence becomes the line it stands on. Raises BadReply "no quote", "too many quotes", "quote not found".
    """
    spans = {span for quote in listed(given) for span in spans_of(quote, chunk.text, lines)}
    kept = [span for span in sorted(spans) if not any(inside(span, other) for other in spans if other != span)]
    if not kept:
        raise BadReply("An answer has no quote.", "Use another teacher.", "no quote")
    if len(kept) > MOST_QUOTES:
        raise BadReply(f"An answer has {len(kept)} quotes.", "Use another teacher.", "too many quotes")
    return tuple(Quote(chunk=chunk.id, start=start, end=end, text=chunk.text[start:end]) for start, end in kept)


def listed(given: Any) -> list[Any]:
    """What was given for quotes, as a list: one quote may come without its list."""
    return given if isinstance(given, list) else [] if given in (None, "") else [given]


def spans_of(quote: Any, text: str, lines: Sequence[Line]) -> list[Interval]:
    """The spans of one quote. Raises BadReply "quote not found"."""
    if isinstance(quote, dict):
        quote = next((quote[name] for name in ("number", "line", "sentence", "text", "quote") if name in quote), None)
    number = number_of(quote)
    if number is not None:
        return [line.span for line in lines if line.number == number] or missing(quote)
    if not isinstance(quote, str):
        return missing(quote)
    parts = [part for part in ELLIPSIS.split(LINE_MARK.sub("", quote)) if part.strip(EDGES + " ")]
    return [located(part, text, lines) for part in parts] or missing(quote)


def number_of(quote: Any) -> int | None:
    """The line number that a quote is, or None."""
    if isinstance(quote, int) and not isinstance(quote, bool):
        return quote
    match = NUMBER.fullmatch(quote.strip()) if isinstance(quote, str) else None
    return int(match.group(1)) if match else None


def missing(quote: Any) -> list[Interval]:
    """Raises BadReply "quote not found"."""
    raise BadReply(f"A quote does not stand in the passage: {quote}", "Use another teacher.", "quote not found")


def located(quote: str, text: str, lines: Sequence[Line]) -> Interval:
    """Where a quoted text, or what it was made from, stands. Raises BadReply "quote not found"."""
    bare = quote.strip().strip('"“”')
    span = find_verbatim(bare, text) or mended(bare, text)
    if span is None:
        missing(quote)
        raise AssertionError
    if is_evidence(text[slice(*span)]):
        return span
    holders = [line.span for line in lines if bare in line.text]
    return holders[0] if len(holders) == 1 else missing(quote)[0]


def mended(quote: str, text: str) -> Interval | None:
    """The words of the text that a near miss was made from, or None.

    They are those with the least edits; at least `LEAST_LIKENESS` of the quote's words have to be there, and the
    same figures and negations.
    """
    words, source = tokens(quote), tokens(text)
    found = aligned([word for word, _ in words], [word for word, _ in source])
    if found is None:
        return None
    span = source[found[0]][1][0], source[found[1]][1][1]
    return span if same_claims(quote, text[slice(*span)]) else None


def same_claims(quote: str, passage: str) -> bool:
    """Whether two texts hold the same figures, and as many negations."""
    figures = (Counter(figure.replace(",", "") for figure in FIGURE.findall(text)) for text in (quote, passage))
    negations = (len(NEGATION.findall(text.lower())) for text in (quote, passage))
    return (
        len(set(map(str, map(sorted, (counter.elements() for counter in figures))))) == 1 and len(set(negations)) == 1
    )


def tokens(text: str) -> list[tuple[str, Interval]]:
    """The words of a text as they are compared, and where they stand."""
    words = (
        (match.group().translate(SAME_MARKS).strip(EDGES).casefold(), match) for match in re.finditer(r"\S+", text)
    )
    return [(word, trimmed(match)) for word, match in words if word]


def trimmed(match: re.Match[str]) -> Interval:
    """The span of a word without the marks around it."""
    text = match.group()
    lead = len(text) - len(text.lstrip(EDGES))
    return match.start() + lead, match.start() + len(text.rstrip(EDGES))


def aligned(quote: Sequence[str], source: Sequence[str]) -> tuple[int, int] | None:
    """The first and last word of the stretch of `source` with the least edits from `quote`; None below the threshold.

    Sellers' algorithm: the edit distance to any stretch, by words; a word costs less the longer its common beginning
    with the other's, because Korean particles and English endings change.
    """
    if not quote or not source:
        return None
    costs: list[tuple[float, int]] = [(0.0, column) for column in range(len(source) + 1)]
    for row, word in enumerate(quote, 1):
        following: list[tuple[float, int]] = [(float(row), 0)]
        for column, (diagonal, above) in enumerate(pairwise(costs)):
            left = following[-1]
            following.append(
                min(
                    (diagonal[0] + distance(word, source[column]), diagonal[1]),
                    (above[0] + 1.0, above[1]),
                    (left[0] + 1.0, left[1]),
                )
            )
        costs = following
    end = min(range(len(costs)), key=lambda column: (costs[column][0], column))
    cost, start = costs[end]
    return (start, end - 1) if start < end and 1 - cost / len(quote) >= LEAST_LIKENESS else None


def distance(left: str, right: str) -> float:
    """0 for the same word, 1 for words without a common beginning."""
    if left == right:
        return 0.0
    common = next((index for index, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    common = min(len(left), len(right)) if common is None else common
    return 1.0 - common / max(len(left), len(right))


def inside(span: Interval, other: Interval) -> bool:
    """Whether a span lies within another."""
    return other[0] <= span[0] and span[1] <= other[1]
