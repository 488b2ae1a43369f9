"""What a model says that reads the project's documents first: an answer without marks, and where its quotes stand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from raftune.answering import Answerer, PlacedQuote, ReaderText, Withheld, ground
from raftune.prompts import prompt_text
from raftune.prompts.raft import RaftPrompt
from raftune.records import Language
from raftune.sentences import is_korean
from raftune.serving.catalogue import Served
from raftune.serving.chat_request import ChatQuery
from raftune.serving.leaving import closing
from raftune.serving.refusals import Refusal
from raftune.serving.said import Said, said
from raftune.serving.saying import generations, pieces_of
from raftune.serving.service import Service

NOWHERE = "about:blank"


@dataclass
class Telling:
    """Turns the pieces of one reply into what a reader is told."""

    prompt: RaftPrompt
    language: Language
    text: ReaderText = field(default_factory=ReaderText)
    whole: list[str] = field(default_factory=list)
    withheld: Withheld = field(init=False)

    def __post_init__(self) -> None:
        """The answer is looked at before it is told."""
        self.withheld = Withheld(self.prompt)

    def feed(self, piece: str) -> dict[str, str]:
        """Reasoning and content of the next words."""
        self.whole.append(piece)
        spoken = self.text.feed(piece)
        return {"reasoning": spoken.reasoning, "content": self.withheld.feed(spoken.answer)}

    def end(self, shown: Sequence[Any]) -> dict[str, Any]:
        """Reasoning, content and annotations of the last words: a polite refusal for a reply that abstains."""
        spoken = self.text.end()
        content = self.withheld.feed(spoken.answer)
        if self.withheld.abstains():
            return {"reasoning": spoken.reasoning, "content": prompt_text("refuse", self.language)}
        content += self.withheld.rest()
        reply = ground("".join(self.whole), shown)
        if not self.withheld.text.strip():  # a model that does not keep to the form: all that it wrote is its answer
            content = reply.text
        length = len(self.withheld.text.strip() or content)
        return {
            "reasoning": spoken.reasoning,
            "content": content,
            "annotations": tuple(annotation(quote, length) for quote in reply.quotes),
        }


def annotation(quote: PlacedQuote, length: int) -> Mapping[str, Any]:
    """A quote as an annotation of an answer of `length` characters.

    It has the one form that the API knows of, so that typed clients can read it; `citation` says more.
    """
    pages = ", ".join(map(str, quote.pages))
    title = "not in the documents" if quote.path is None else quote.path + (f", page {pages}" if pages else "")
    address = NOWHERE if quote.path is None else quote.path + (f"#page={quote.pages[0]}" if quote.pages else "")
    return {
        "type": "url_citation",
        "url_citation": {"url": address, "title": title, "start_index": 0, "end_index": length},
        "citation": {
            "document": quote.path,
            "pages": list(quote.pages),
            "quote": quote.text,
            "verified": quote.verified,
            "passage": quote.chunk,
            "spans": [[quote.start, quote.end]] if quote.verified else [],
        },
    }


def answerer_of(service: Service) -> Answerer:
    """What finds passages. Raises Refusal where the service has none."""
    if service.answerer is None:
        raise Refusal(503, "This service has no documents to read.", code="no_documents")
    return service.answerer


async def choices(service: Service, served: Served, query: ChatQuery) -> Sequence[AsyncIterator[Said]]:
    """The answers to the last message of the user, by passages that are looked up; earlier messages are not read."""
    question = query.question()
    language: Language = "ko" if is_korean(question) else "en"
    answerer = answerer_of(service)
    asked = await answerer.prepare(question)
    if not asked.shown:
        return [refusing(language) for _ in range(query.n or 1)]
    wanted = generations(service, served, query, asked.messages)
    return [reading(service, one, asked.shown, Telling(answerer.prompt, language)) for one in wanted]


async def refusing(language: Language) -> AsyncIterator[Said]:
    """What is said where no passage was found."""
    yield Said(prompt_text("refuse", language), finish_reason="stop")


async def reading(service: Service, generation: Any, shown: Sequence[Any], telling: Telling) -> AsyncIterator[Said]:
    """One answer."""
    async with closing(pieces_of(service, generation)) as pieces:
        async for piece in pieces:
            words: dict[str, Any] = telling.feed(piece.text)
            if piece.finish_reason is not None:
                last = telling.end(shown)
                words = {**last, **{name: words[name] + last[name] for name in words}}
            yield said(piece, **words)
