"""One test question for the page: replies taken apart into words and quotes, and the documents with quotes lit."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from raftune.comparison import find_verbatim
from raftune.prompts.raft import QUOTE, final_answer, quotes_in, reasoning_of, without_marks
from raftune.report_records import ReportRow, RowReply

EXPECTED = "expected"


@dataclass(frozen=True)
class Piece:
    """A piece of a reply; for a quote, the numbers (from 1) of the documents that hold it word for word."""

    text: str
    quote: bool = False
    found: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """A stretch of a document and who quotes it: systems, or "expected" for the quote in the training target."""

    text: str
    quoted_by: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """A word of an answer; its `own` where no other reply's answer has it at that place."""

    text: str
    own: bool


@dataclass(frozen=True)
class ReplyView:
    """A reply for reading; `final` is None where there is no answer mark."""

    reply: RowReply
    pieces: tuple[Piece, ...]
    final: str | None
    final_words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class RowView:
    """A row for reading: its documents as stretches, the right one first in `order`."""

    row: ReportRow
    replies: tuple[ReplyView, ...]
    documents: tuple[tuple[Stretch, ...], ...]
    order: tuple[int, ...]


def row_view(row: ReportRow) -> RowView:
    """The row with everything located, in Unicode's composed form."""
    texts = [composed(text) for text in row.documents]
    quoted = [(EXPECTED, composed(quote)) for quote in row.quotes]
    quoted += [(reply.system, composed(quote)) for reply in row.replies for quote in quotes_in(reply.text)]
    order = sorted(range(len(texts)), key=lambda index: (index != row.oracle, index))
    finals = [final_answer(composed(reply.text)) for reply in row.replies]
    return RowView(
        row=row,
        replies=tuple(
            reply_view(reply, texts, [final for at, final in enumerate(finals) if at != place and final])
            for place, reply in enumerate(row.replies)
        ),
        documents=tuple(tuple(stretches(text, quoted)) for text in texts),
        order=tuple(order),
    )


def reply_view(reply: RowReply, documents: Sequence[str], others: Sequence[str] = ()) -> ReplyView:
    """A reply without its marks: words and quotes in order, then the answer, compared with those of `others`."""
    pieces, position, reasoning = list[Piece](), 0, composed(reasoning_of(reply.text))
    for match in QUOTE.finditer(reasoning):
        pieces.append(Piece(without_marks(reasoning[position : match.start()])))
        quote = match.group(1).strip()
        holders = tuple(number for number, text in enumerate(documents, 1) if find_verbatim(quote, text))
        pieces.append(Piece(quote, quote=True, found=holders))
        position = match.end()
    pieces.append(Piece(without_marks(reasoning[position:])))
    final = final_answer(composed(reply.text))
    return ReplyView(reply, tuple(piece for piece in pieces if piece.text), final, tuple(words_of(final or "", others)))


def words_of(final: str, others: Sequence[str]) -> Iterable[Word]:
    """The words of an answer; its own are those that no other answer has in the same order. Alone, none is."""
    words = final.split()
    same = {place for place in range(len(words)) if not others}
    for other in others:
        for block in SequenceMatcher(None, words, other.split(), autojunk=False).get_matching_blocks():
            same.update(range(block.a, block.a + block.size))
    return (Word(word, place not in same) for place, word in enumerate(words))


def stretches(text: str, quoted: Iterable[tuple[str, str]]) -> Iterable[Stretch]:
    """The document cut wherever a quote begins or ends; joined, the stretches are the document."""
    spans = [(who, span) for who, quote in quoted if (span := find_verbatim(quote, text))]
    edges = sorted({0, len(text), *(edge for _, span in spans for edge in span)})
    for start, end in pairwise(edges):
        who = dict.fromkeys(name for name, span in spans if span[0] <= start and end <= span[1])
        yield Stretch(text[start:end], tuple(who))


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), in which Hangul syllables are single characters."""
    return unicodedata.normalize("NFC", text)
