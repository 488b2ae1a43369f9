"""One request per chunk: what a teacher is shown, and how its reply is read.

The program numbers the chunk's sentences and picks those worth asking about; the teacher writes question,
reasoning and answer for each. So every quote is verbatim by construction, and the questions spread over
the chunk. `ask` and `answer` send the same request: the ledger answers the second time.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from raftune.contracts import ChatMessage, ChatReply, ChatRequest, Passage
from raftune.errors import BadReply
from raftune.prompts import prompt_text
from raftune.records import Chunk, Language
from raftune.sentences import is_heading, sentence_spans

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
FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a chunk, numbered from 1: characters [start, end) of the chunk's text."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Item:
    """What a teacher wrote about one sentence."""

    sentence: Sentence
    question: str
    reasoning: str
    answer: str


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


def teaching_request(chunk: Chunk, per_chunk: int, model: str, *, reasoning: bool) -> ChatRequest | None:
    """The request for a chunk, or None when no sentence of it is worth asking about."""
    sentences = sentences_of(chunk)
    wanted = worth_asking(sentences, per_chunk)
    if not wanted:
        return None
    passage = Passage(
        sentences=tuple(sentence.text for sentence in sentences),
        wanted=tuple(sentence.number for sentence in wanted),
        headings=chunk.headings,
        language=chunk.language,
    )
    messages = (
        ChatMessage(role="system", content=instructions(chunk.language, reasoning=reasoning)),
        ChatMessage(role="user", content=show_passage(passage)),
    )
    return ChatRequest(
        model=model,
        messages=messages,
        max_tokens=TOKENS_PER_ITEM * len(wanted) + 40,
        reply_schema=reply_schema(passage.wanted, reasoning=reasoning),
        passage=passage,
    )


def instructions(language: Language, *, reasoning: bool) -> str:
    """The system text, with or without the paragraph that asks for a reasoning."""
    text = prompt_text("teach", language)
    return text.replace("\nanswer:", f"\n{prompt_text('reasoning', language)}\nanswer:", 1) if reasoning else text


def show_passage(passage: Passage) -> str:
    """The passage between marks, its sentences numbered, and below it the sentences that are wanted."""
    lines = [f"[{number}] {text}" for number, text in enumerate(passage.sentences, 1)]
    heading = " > ".join(passage.headings)
    wanted = [f'sentence_{number}: "{passage.sentences[number - 1]}"' for number in passage.wanted]
    return "\n".join(
        [f"<PASSAGE heading={json.dumps(heading, ensure_ascii=False)}>", *lines, "</PASSAGE>", "", *wanted]
    )


def reply_schema(wanted: tuple[int, ...], *, reasoning: bool) -> dict[str, Any]:
    """The JSON schema of the reply: one object of texts for each wanted sentence."""
    texts = {"question": 240, **({"reasoning": 300} if reasoning else {}), "answer": 160}
    item = {
        "type": "object",
        "properties": {name: {"type": "string", "minLength": 1, "maxLength": length} for name, length in texts.items()},
        "required": list(texts),
        "additionalProperties": False,
    }
    names = [f"sentence_{number}" for number in wanted]
    return {
        "type": "object",
        "properties": dict.fromkeys(names, item),
        "required": names,
        "additionalProperties": False,
    }


def read_reply(reply: ChatReply, chunk: Chunk, per_chunk: int) -> list[Item]:
    """The items of a reply, in the order of the sentences. Raises BadReply when it is cut or not as asked."""
    if reply.finish_reason != "stop":
        raise BadReply(
            f"The teacher's reply ended by {reply.finish_reason!r}.", "Allow longer replies or ask for fewer items."
        )
    try:
        content = json.loads(FENCE.sub("", reply.text.strip()))
        return [
            read_item(sentence, content[f"sentence_{sentence.number}"])
            for sentence in worth_asking(sentences_of(chunk), per_chunk)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadReply(
            f"The teacher's reply is not the JSON asked for ({error}).", "Use a teacher that supports JSON schemas."
        ) from error


def read_item(sentence: Sentence, fields: dict[str, str]) -> Item:
    """One item; a teacher that was not asked for a reasoning gives none."""
    return Item(sentence, clean(fields["question"]), clean(fields.get("reasoning", "")), clean(fields["answer"]))


def clean(text: str) -> str:
    """A teacher's text on one line. Raises AttributeError for what is not a text."""
    return " ".join(text.split())
