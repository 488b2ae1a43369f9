"""Passages, quotes and answers made of a data set's texts."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from raftune.comparison import overlap_f1
from raftune.digest import digest
from raftune.errors import ConfigError
from raftune.records import Answer, Chunk, Kind, Language, Quote
from raftune.sentences import sentence_spans
from raftune.terms import terms

T = TypeVar("T")
Item = dict[str, Any]


def items_in(path: Path) -> list[Item]:
    """The objects of a file of JSON lines. Raises ConfigError."""
    try:
        with path.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read ({error}).", "Name the data set's folder with --data.") from error


def drawn(items: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """The items in an order that depends on their names alone, so that fewer of them are a part of more."""
    return sorted(items, key=lambda item: digest(["replication", name(item)]))


def in_turns(items: Sequence[T], label: Callable[[T], str]) -> list[T]:
    """The items such that labels take turns as long as there are any left of each."""
    waiting: dict[str, list[T]] = {}
    for item in items:
        waiting.setdefault(label(item), []).append(item)
    turns = [(place, order, item) for order, some in enumerate(waiting.values()) for place, item in enumerate(some)]
    return [item for _, _, item in sorted(turns, key=lambda turn: turn[:2])]


def enough(items: Sequence[T], wanted: int, what: str) -> list[T]:
    """The first `wanted` items. Raises ConfigError where there are fewer."""
    if len(items) < wanted:
        raise ConfigError(f"There are {len(items)} {what}, not {wanted}.", "Ask for fewer, or name more data.")
    return list(items[:wanted])


def passage(name: str, text: str, language: Language = "en") -> Chunk:
    """A text as a passage of a document of its own."""
    return Chunk(
        document=name,
        path=name,
        text=text,
        start=0,
        end=len(text),
        pages=(),
        headings=(),
        language=language,
    )


def answer(
    item: str, question: str, chunk: Chunk, quotes: Sequence[str], final: str, reasoning: str = "", kind: Kind = "fact"
) -> Answer:
    """An answer of a data set, with quotes that stand in its passage."""
    return Answer(
        question=item,
        chunk=chunk.id,
        text=question,
        reasoning=reasoning,
        quotes=tuple(quote_in(chunk, text) for text in quotes),
        final=final,
        language=chunk.language,
        author="gold",
        kind=kind,
    )


def quote_in(chunk: Chunk, text: str) -> Quote:
    """A quote by its first place in a passage."""
    start = chunk.text.index(text)
    return Quote(chunk=chunk.id, start=start, end=start + len(text), text=text)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def nearest_sentence(text: str, query: str) -> str:
    """The sentence of a text that shares most terms with a query, of several the first one."""
    wanted = terms(query)
    return max(sentences(text) or [text], key=lambda sentence: overlap_f1(terms(sentence), wanted))


def beginning(text: str, characters: int) -> str:
    """The first sentences of a text that fit, at least one."""
    spans = sentence_spans(text) or [(0, len(text))]
    first, end = spans[0]
    return text[first : max([stop for _, stop in spans if stop - first <= characters], default=end)]


def ending(text: str, characters: int) -> str:
    """The last sentences of a text that fit, at least one."""
    spans = sentence_spans(text) or [(0, len(text))]
    start, last = spans[-1]
    return text[min([begin for begin, _ in spans if last - begin <= characters], default=start) : last]


def around(text: str, span: tuple[int, int], characters: int) -> str:
    """The sentences of a text that hold a span, and as many after and before them as fit."""
    spans = sentence_spans(text) or [(0, len(text))]
    held = [place for place, (start, end) in enumerate(spans) if start < span[1] and span[0] < end]
    first, last = (held[0], held[-1]) if held else (0, len(spans) - 1)
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= characters:
        last += 1
    while first and spans[last][1] - spans[first - 1][0] <= characters:
        first -= 1
    return text[spans[first][0] : spans[last][1]]
