"""The program numbers a chunk's sentences and picks those worth asking about; the teacher writes about each.

So every quote is verbatim by construction, and the questions spread over the chunk: right for small teachers.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from raftune.contracts import ChatReply, ChatRequest, Passage
from raftune.errors import BadReply
from raftune.records import Chunk, Question, Quote
from raftune.sentences import is_heading, sentence_spans
from raftune.teaching.kinds import kind_of
from raftune.teaching.lessons import Fault, Item, Manner
from raftune.teaching.replies import SHOWN, content_of, fields_in, text_in
from raftune.teaching.requests import Schema, chat_request, instructions, object_of, text_of

SHORTEST, LONGEST = 40, 320  # characters of a sentence that makes a good quote
TOKENS_PER_ITEM = 200
INFORMATIVE = re.compile(
    r"\d|\b(?:must|may|shall|only|unless|except|if|when|because|means|includes?|consists?|responsible|requires?|provides?"
    r"|established|purpose|goal)\b|[가-힣]+(?:이란|라 함은|경우|까지|이상|이하|위하여|때문|의미|포함|해야|하여야)"
)
FIGURE = re.compile(
    r"[$€£₩]\s?\d|\d[\d,.]*\s?(?:percent|%|million|billion|trillion|[a-z]{3,}|[가-힣])|\b(?:19|20)\d\d\b"
)
OPENING = re.compile(r"(?:- )?[\"“]?[A-Z가-힣]")
DEPENDENT = re.compile(
    r"^(?:- )?(?:This|These|Those|That|It|They|He|She|Such|Its|Their|However|In addition|Additionally|Further|Finally"
    r"|For example)\b|(?<!\()\b[Ss]ee (?:also |the |box|table|figure|appendix|section)"
    r"|^(?:이는|이것|이를|그는|그것|또한|따라서|그러나|위의|다음)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a chunk, numbered from 1: characters [start, end) of the chunk's text."""

    number: int
    start: int
    end: int
    text: str


class SentencesRecipe:
    """One object for each sentence that the program picked, by its name. Works in "combined" mode only."""

    name = "sentences"

    def numbers(self, chunk: Chunk, manner: Manner) -> tuple[int, ...]:
        """The numbers of the sentences that are asked about."""
        return tuple(sentence.number for sentence in worth_asking(sentences_of(chunk), manner.questions_per_chunk))

    def request(self, chunk: Chunk, manner: Manner) -> ChatRequest | None:
        """The request for a chunk, or None when no sentence of it is worth asking about."""
        wanted = self.numbers(chunk, manner)
        if not wanted:
            return None
        passage = Passage(
            sentences=tuple(sentence.text for sentence in sentences_of(chunk)),
            wanted=wanted,
            headings=chunk.headings,
            language=chunk.language,
        )
        system = instructions("teach", chunk.language, manner, "reasoning")
        schema = reply_schema(wanted, reasoning=manner.reasoning)
        tokens = TOKENS_PER_ITEM * len(wanted) + 40
        return chat_request(manner, system, show_passage(passage), schema, tokens, passage)

    def read(self, reply: ChatReply, chunk: Chunk, manner: Manner) -> list[Item | Fault]:
        """An item or a fault for each sentence, in their order. Raises BadReply when the reply cannot be used."""
        content = content_of(reply)
        wanted = worth_asking(sentences_of(chunk), manner.questions_per_chunk)
        if not isinstance(content, dict) or content.keys().isdisjoint(f"sentence_{one.number}" for one in wanted):
            raise BadReply("The reply names no sentence.", "Use a teacher that supports JSON schemas.", "wrong shape")
        return [read_item(chunk, sentence, content.get(f"sentence_{sentence.number}")) for sentence in wanted]

    def answer_request(self, question: Question, chunk: Chunk, manner: Manner) -> ChatRequest:
        """There is none: `recipe_for` never gives this recipe for "separate" mode."""
        raise NotImplementedError

    def read_answer(self, reply: ChatReply, question: Question, chunk: Chunk, manner: Manner) -> Item:
        """There is none: `recipe_for` never gives this recipe for "separate" mode."""
        raise NotImplementedError


def sentences_of(chunk: Chunk) -> list[Sentence]:
    """All sentences of a chunk, headings left out."""
    spans = [span for span in sentence_spans(chunk.text) if not is_heading(chunk.text[slice(*span)])]
    return [Sentence(number, start, end, chunk.text[start:end]) for number, (start, end) in enumerate(spans, 1)]


def worth_asking(sentences: list[Sentence], count: int) -> list[Sentence]:
    """At most `count` sentences that hold a fact, those with figures first, in the order of the text."""
    fit = [sentence for sentence in sentences if is_worth_asking(sentence.text)]
    fit.sort(key=lambda sentence: FIGURE.search(sentence.text) is None)
    return sorted(fit[:count], key=lambda sentence: sentence.number)


def is_worth_asking(text: str) -> bool:
    """Whether a sentence is whole, of a good length, stands alone, and holds a figure, definition or rule."""
    whole = text[-1] in ".!?。)”\"'" and OPENING.match(text) is not None
    apart = DEPENDENT.search(text) is None and "http" not in text
    return whole and apart and SHORTEST <= len(text) <= LONGEST and INFORMATIVE.search(text) is not None


def show_passage(passage: Passage) -> str:
    """The passage between marks, its sentences numbered, and below it the sentences that are wanted."""
    lines = [f"[{number}] {text}" for number, text in enumerate(passage.sentences, 1)]
    heading = " > ".join(passage.headings)
    wanted = [f'sentence_{number}: "{passage.sentences[number - 1]}"' for number in passage.wanted]
    return "\n".join(
        [f"<PASSAGE heading={json.dumps(heading, ensure_ascii=False)}>", *lines, "</PASSAGE>", "", *wanted]
    )


def reply_schema(wanted: tuple[int, ...], *, reasoning: bool) -> Schema:
    """The JSON schema of the reply: one object of texts for each wanted sentence."""
    texts = {"question": 240, **({"reasoning": 300} if reasoning else {}), "answer": 160}
    item = object_of({name: text_of(longest) for name, longest in texts.items()})
    return object_of({f"sentence_{number}": item for number in wanted})


def read_item(chunk: Chunk, sentence: Sentence, given: Any) -> Item | Fault:
    """What was written about a sentence; a teacher that was not asked for a reasoning gives none."""
    if given is None:
        return Fault(sentence.number, "not written", sentence.text[:SHOWN])
    try:
        fields = fields_in(given)
        question, answer = text_in(fields, "question"), text_in(fields, "answer")
        reasoning = text_in(fields, "reasoning", "")
    except BadReply as error:
        return Fault(sentence.number, error.reason, error.message)
    if not question:
        return Fault(sentence.number, "not written", sentence.text[:SHOWN])
    kind = kind_of(question, answer, chunk.language, of_row=sentence.text.startswith("|"))
    quote = Quote(chunk=chunk.id, start=sentence.start, end=sentence.end, text=sentence.text)
    return Item(sentence.number, kind, question, reasoning, answer, (quote,))


recipe = SentencesRecipe()
