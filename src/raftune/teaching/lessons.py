"""What goes in and out of a recipe: a teacher's manner, the items it wrote, the faults of those that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from raftune.contracts import Candidate, ChatModel, ChatReply, ChatRequest
from raftune.records import Chunk, Kind, Question, Quote


class Manner(Protocol):
    """How a teacher is asked; a stage's `Teacher` is one."""

    @property
    def model(self) -> str:
        """The model's name in requests."""

    @property
    def chat(self) -> ChatModel:
        """The teacher itself."""

    @property
    def questions_per_chunk(self) -> int:
        """At most so many questions a passage."""

    @property
    def reasoning(self) -> bool:
        """Whether a reasoning is written before the answer."""

    @property
    def recipe(self) -> str:
        """A file in `recipes/`, or "auto"."""

    @property
    def mode(self) -> str:
        """Questions and answers in one request ("combined"), or each answer in one of its own ("separate")."""

    @property
    def style(self) -> str:
        """Tone and style in the user's words, or "" for the prompt's own."""

    @property
    def kinds(self) -> Mapping[Kind, float]:
        """The wanted mix of question kinds, as weights; empty for the mix that is the default."""


@dataclass(frozen=True)
class Item:
    """A question a teacher wrote, and where it was asked for them reasoning, quotes and answer.

    `number` tells the items of one chunk apart. Every quote is an exact span of the chunk's text.
    """

    number: int
    kind: Kind
    question: str
    reasoning: str = ""
    answer: str = ""
    quotes: tuple[Quote, ...] = ()

    def candidate(self, chunk: Chunk, instructions: str) -> Candidate:
        """The item as gates see it."""
        texts = tuple(quote.text for quote in self.quotes)
        return Candidate(
            self.question, self.answer, self.reasoning, texts, chunk.text, chunk.language, self.kind, instructions
        )


@dataclass(frozen=True)
class Fault:
    """Why the item of a number cannot be used: a reason that is counted, and what helps to understand it."""

    number: int
    reason: str
    detail: str


class Recipe(Protocol):
    """A way to ask for items and to read them. Holds nothing between two calls."""

    name: str

    def numbers(self, chunk: Chunk, manner: Manner) -> tuple[int, ...]:
        """The numbers of the items that are wanted of a chunk; none where there is nothing to ask about."""

    def request(self, chunk: Chunk, manner: Manner) -> ChatRequest | None:
        """What asks for the questions, in "combined" mode with their answers; None where there is nothing to ask."""

    def read(self, reply: ChatReply, chunk: Chunk, manner: Manner) -> list[Item | Fault]:
        """An item or a fault for each number, in order, and a fault for each item beyond. Raises BadReply."""

    def answer_request(self, question: Question, chunk: Chunk, manner: Manner) -> ChatRequest:
        """What asks for one answer, in "separate" mode."""

    def read_answer(self, reply: ChatReply, question: Question, chunk: Chunk, manner: Manner) -> Item:
        """The item with its answer. Raises BadReply."""
