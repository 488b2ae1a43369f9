"""A question to an answer with checked quotes: retrieve passages, ask the student, find each quote on its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from raftune.contracts import ChatMessage, ChatModel, ChatRequest, Retriever
from raftune.prompts.raft import RaftPrompt, final_answer, quotes_in, without_marks
from raftune.records import Chunk, Language
from raftune.sentences import is_korean

MAX_TOKENS = 256


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
        (places,) = await self.retriever.nearest([question], self.passages)
        shown = [self.chunks[place] for place in places]
        language: Language = "ko" if is_korean(question) else "en"
        pairs = self.prompt.messages([chunk.text for chunk in shown], question, language)
        messages = tuple(ChatMessage.model_validate({"role": role, "content": text}) for role, text in pairs)
        request = ChatRequest(model=self.model, messages=messages, max_tokens=MAX_TOKENS, seed=self.seed)
        return ground((await self.student.complete(request)).text, shown)


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
