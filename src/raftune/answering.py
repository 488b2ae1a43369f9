"""A question to an answer with checked quotes: retrieve passages, ask the student, find each quote on its page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from raftune.contracts import ChatMessage, ChatModel, ChatRequest, Retriever
from raftune.prompts.raft import FINAL, MARKS, RaftPrompt, final_answer, quotes_in, remove_marks, without_marks
from raftune.records import Chunk, Language
from raftune.sentences import is_korean

MAX_TOKENS = 256
BEGUN = re.compile(r"#{1,3}\s*[a-z_]*\s*#{0,3}\Z|<[^>]{0,45}>?\s*:?\Z", re.IGNORECASE)
"""What may be the beginning of a mark, at the end of a text."""


@dataclass(frozen=True)
class PlacedQuote:
    """A quote of a reply; `path` is None where it stands in none of the passages shown."""

    text: str
    path: str | None
    pages: tuple[int, ...]


@dataclass(frozen=True)
class GroundedReply:
    """A reply for a reader: `answer` without marks, or None where the student wrote none; its quotes, checked."""

    answer: str | None
    text: str
    quotes: tuple[PlacedQuote, ...]


@dataclass(frozen=True)
class Asked:
    """What a student is asked about a question, and the passages that it is shown."""

    messages: tuple[ChatMessage, ...]
    shown: tuple[Chunk, ...]


@dataclass(frozen=True)
class Spoken:
    """The next words of a reply for a reader: of its reasoning or of its answer, without marks."""

    reasoning: str = ""
    answer: str = ""


@dataclass
class ReaderText:
    """Splits a reply that comes in pieces into what stands before `<ANSWER>:` and the answer."""

    whole: str = ""
    told: list[int] = field(default_factory=lambda: [0, 0])

    def feed(self, piece: str) -> Spoken:
        """What the piece adds; what may be the beginning of a mark waits for the next."""
        self.whole += piece
        past = 0
        for mark in MARKS.finditer(self.whole):
            if mark.end() == len(self.whole):  # it may go on
                return self.new(self.whole[: mark.start()])
            past = mark.end()
        begun = BEGUN.search(self.whole, past)
        return self.new(self.whole[: begun.start()] if begun else self.whole)

    def end(self) -> Spoken:
        """What was held back."""
        return self.new(self.whole)

    def new(self, text: str) -> Spoken:
        """What was not told yet of a text."""
        marks = list(FINAL.finditer(text))
        parts = (text[: marks[0].start()], text[marks[0].end() :]) if marks else (text, "")
        clean = [remove_marks(part).lstrip() for part in parts]
        new = [part[told:] for part, told in zip(clean, self.told, strict=True)]
        self.told = [max(len(part), told) for part, told in zip(clean, self.told, strict=True)]
        return Spoken(*new)


@dataclass(frozen=True)
class Answerer:
    """A student with the passages it may read. The retriever has indexed `chunks`."""

    chunks: Sequence[Chunk]
    retriever: Retriever
    student: ChatModel
    model: str
    prompt: RaftPrompt
    passages: int
    seed: int

    async def ask(self, question: str) -> GroundedReply:
        """The reply to one question. Raises ProviderError when the student or an embedder cannot be asked."""
        asked = await self.prepare(question)
        request = ChatRequest(model=self.model, messages=asked.messages, max_tokens=MAX_TOKENS, seed=self.seed)
        return ground((await self.student.complete(request)).text, asked.shown)

    async def prepare(self, question: str) -> Asked:
        """What the student is asked about a question. Raises ProviderError when an embedder cannot be asked."""
        (places,) = await self.retriever.nearest([question], self.passages)
        shown = tuple(self.chunks[place] for place in places)
        language: Language = "ko" if is_korean(question) else "en"
        pairs = self.prompt.messages([chunk.text for chunk in shown], question, language)
        return Asked(tuple(ChatMessage.model_validate({"role": role, "content": text}) for role, text in pairs), shown)


def ground(reply: str, shown: Sequence[Chunk]) -> GroundedReply:
    """The reply with each quote looked up, white space aside, in the passages that were shown."""
    return GroundedReply(
        final_answer(reply), without_marks(reply), tuple(place(quote, shown) for quote in quotes_in(reply))
    )


def place(quote: str, shown: Sequence[Chunk]) -> PlacedQuote:
    """Where a quote stands."""
    wanted = " ".join(quote.split())
    for chunk in shown:
        if wanted in " ".join(chunk.text.split()):
            return PlacedQuote(wanted, chunk.path, chunk.pages)
    return PlacedQuote(wanted, None, ())
