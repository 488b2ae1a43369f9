"""What `raftune chat` says of a reply: its quotes with their places, in the language of the question."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import typer

from raftune.cli.layout import cut, harmless, wrapped

if TYPE_CHECKING:
    from raftune.answering import GroundedReply, PlacedQuote
    from raftune.records import Chunk, Language

SHOWN = 240  # columns of a passage that /sources shows
HELP = """\
Ask a question, in English or Korean. Each is answered by itself: what was asked
before is neither searched with nor shown to the model.

  /sources  (/출처)    the passages that the last answer was read from
  /help     (/도움말)  this
  /quit     (/끝)      leave, as Ctrl-D does"""
COMMANDS = {"/quit": "quit", "/exit": "quit", "/끝": "quit", "/종료": "quit"}
COMMANDS |= {"/sources": "sources", "/출처": "sources", "/help": "help", "/도움말": "help"}


def quote_lines(reply: "GroundedReply") -> Iterator[str]:
    """Each quote of a reply, and where it stands; none for a reply that there is no answer."""
    for number, quote in enumerate(() if reply.abstains else reply.quotes, 1):
        yield from wrapped(harmless(f"“{quote.text}”"), 6, f"  [{number}] ")
        mark = harmless(place_words(quote, reply.language))
        color = typer.colors.GREEN if quote.verified else typer.colors.RED
        for line in wrapped(mark, 6):
            yield typer.style(line, fg=color)


def place_words(quote: "PlacedQuote", language: "Language") -> str:
    """Where a quote stands: rules.pdf, page 3, verified."""
    if quote.path is None:
        return {"en": "not verified: in none of the passages shown", "ko": "확인 안 됨: 보여 준 문단에 없음"}[language]
    return f"{file_and_pages(quote.path, quote.pages, language)} · {({'en': 'verified', 'ko': '확인됨'})[language]}"


def file_and_pages(path: str, pages: Sequence[int], language: "Language") -> str:
    """rules.pdf, page 3; files without pages by their names alone."""
    if not pages or (len(pages) == 1 and PurePosixPath(path).suffix.lower() in {".md", ".txt", ".html", ".csv"}):
        return path
    numbers = ", ".join(map(str, pages))
    return f"{path}, {numbers}쪽" if language == "ko" else f"{path}, page{'s' * (len(pages) > 1)} {numbers}"


def source_lines(shown: Sequence["Chunk"], language: "Language") -> Iterator[str]:
    """The passages that an answer was read from: file, pages, headings, how they begin."""
    if not shown:
        yield {"en": "No passage was found.", "ko": "찾은 문단이 없습니다."}[language]
    for number, chunk in enumerate(shown, 1):
        heading = f" · {' > '.join(chunk.headings)}" if chunk.headings else ""
        yield from wrapped(harmless(file_and_pages(chunk.path, chunk.pages, language) + heading), 6, f"  [{number}] ")
        plain = " ".join(harmless(chunk.text).split())
        begins = cut(plain, SHOWN)
        yield from wrapped(begins + "…" * (begins != plain), 6)


def facts_of(question: str, shown: Sequence["Chunk"], reply: "GroundedReply") -> dict[str, Any]:
    """A question and its reply for programs."""
    return {
        "question": question,
        "answer": reply.said,
        "abstains": reply.abstains,
        "text": reply.text,
        "quotes": [
            {
                "text": quote.text,
                "verified": quote.verified,
                "document": quote.path,
                "pages": list(quote.pages),
                "passage": quote.chunk,
                "span": [quote.start, quote.end] if quote.verified else None,
            }
            for quote in reply.quotes
        ],
        "passages": [{"id": chunk.id, "document": chunk.path, "pages": list(chunk.pages)} for chunk in shown],
    }
