"""A question to an answer with checked quotes: retrieve passages, ask the student, find each quote in its passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from raftune.comparison import find_composed, says_unknown
from raftune.contracts import ChatMessage, ChatModel, ChatRequest
from raftune.prompts import prompt_text
from raftune.prompts.raft import RaftPrompt, default_prompt, quotes_in, squeeze, without_marks
from raftune.prompts.reader import ReaderText, Spoken
from raftune.records import Chunk, Language
from raftune.sentences import is_korean

__all__ = [
    "Answerer", "Asked", "GroundedReply", "Nearest", "PlacedQuote", "ReaderText", "Spoken", "Withheld", "ask", "ground",
]  # fmt: skip

MAX_TOKENS = 256


class Nearest(Protocol):
    """What finds passages: a retriever, or an index that was saved."""

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        """For each query the places of at most `count` passages, best first. Raises ProviderError."""


@dataclass(frozen=True)
class PlacedQuote:
    """A quote of a reply. Where it stands in one of the passages shown: their file, pages, id and its characters.

    Characters [start, end) of the passage's text differ from `text` in white space and the shape of marks at most.
    """

    text: str
    path: str | None = None
    pages: tuple[int, ...] = ()
    chunk: str | None = None
    start: int = 0
    end: int = 0

    @property
    def verified(self) -> bool:
        """Whether it stands in a passage that was shown."""
        return self.chunk is not None


@dataclass(frozen=True)
class GroundedReply:
    """A reply for a reader: `answer` without marks, or None where the student wrote none; its quotes, checked.

    `text` is the whole reply without marks. `abstains`: no passage was found, or the reply says in other words that
    there is no answer, or it says nothing.
    """

    answer: str | None
    text: str
    quotes: tuple[PlacedQuote, ...]
    abstains: bool = False
    language: Language = "en"

    @property
    def said(self) -> str:
        """What a reader is told: the answer, or a polite sentence in the question's language where there is none."""
        return prompt_text("refuse", self.language) if self.abstains else self.answer or self.text


@dataclass(frozen=True)
class Asked:
    """What a student is asked about a question, and the passages that it is shown.

    Where `shown` is empty nothing was found: the student need not be asked.
    """

    messages: tuple[ChatMessage, ...]
    shown: tuple[Chunk, ...]
    language: Language = "en"


@dataclass(frozen=True)
class Answerer:
    """A student with the passages it may read. What `retriever` finds are places in `chunks`."""

    chunks: Sequence[Chunk]
    retriever: Nearest
    student: ChatModel
    model: str
    prompt: RaftPrompt
    passages: int
    seed: int
    max_tokens: int = MAX_TOKENS

    async def prepare(self, question: str) -> Asked:
        """What the student is asked about a question. Raises ProviderError when an embedder cannot be asked."""
        (places,) = await self.retriever.nearest([question], self.passages)
        shown = tuple(self.chunks[place] for place in places)
        language: Language = "ko" if is_korean(question) else "en"
        pairs = self.prompt.messages([chunk.text for chunk in shown], question, language)
        messages = tuple(ChatMessage.model_validate({"role": role, "content": text}) for role, text in pairs)
        return Asked(messages, shown, language)

    async def ask(self, question: str) -> GroundedReply:
        """The reply to one question. Raises ProviderError when the student or an embedder cannot be asked."""
        return await ask(self, await self.prepare(question))


async def ask(answerer: Answerer, asked: Asked) -> GroundedReply:
    """The student's reply, checked; where nothing was found the student is not asked. Raises ProviderError."""
    if not asked.shown:
        return ground("", (), asked.language)
    request = ChatRequest(
        model=answerer.model, messages=asked.messages, max_tokens=answerer.max_tokens, seed=answerer.seed
    )
    reply = await answerer.student.complete(request)
    return ground(reply.text, asked.shown, asked.language, answerer.prompt)


@dataclass
class Withheld:
    """Keeps an answer back while it may turn out to be "the documents do not hold the answer"."""

    prompt: RaftPrompt
    text: str = ""
    free: bool = False

    def feed(self, piece: str) -> str:
        """What may be said by now."""
        self.text += piece
        if self.free:
            return piece
        plain = squeeze(self.text)
        if any(known.startswith(plain) or plain.startswith(known) for known in self.abstentions()):
            return ""
        self.free = True
        return self.text

    def abstains(self) -> bool:
        """Whether the answer, now that it is whole, says that there is none."""
        return not self.free and any(known in squeeze(self.text) for known in self.abstentions())

    def rest(self) -> str:
        """What was kept back and may be said after all."""
        return "" if self.free else self.text

    def abstentions(self) -> list[str]:
        """How the model says it, letters only."""
        return [squeeze(sentence) for sentence in self.prompt.abstention.values()]


def ground(
    reply: str, shown: Sequence[Chunk], language: Language = "en", prompt: RaftPrompt | None = None
) -> GroundedReply:
    """The reply with each quote looked up in the passages that were shown; `language` is that of the question."""
    text = ReaderText()
    answer = text.feed(reply).answer + text.end().answer
    plain = without_marks(reply)
    quotes = tuple(place(quote, shown) for quote in quotes_in(reply))
    told = answer or plain
    abstains = not told or not shown or (prompt or default_prompt()).is_abstention(told)
    abstains = abstains or (says_unknown(told) and not any(quote.verified for quote in quotes))
    return GroundedReply(answer or None, plain, quotes, abstains, language)


def place(quote: str, shown: Sequence[Chunk]) -> PlacedQuote:
    """Where a quote stands: in the first passage that holds it."""
    text = without_marks(" ".join(quote.split()))
    for chunk in shown:
        if (span := find_composed(text, chunk.text)) is not None:
            return PlacedQuote(text, chunk.path, chunk.pages, chunk.id, *span)
    return PlacedQuote(text)
