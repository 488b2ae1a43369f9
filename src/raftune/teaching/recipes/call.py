"""API documents: an instruction that a call of the interface fulfils -> domain, call, provider, explanation, code.

After Gorilla (arXiv 2305.15334). The final answer is the call itself, verbatim from the document.
"""

import re
from math import ceil
from typing import Any

from raftune.comparison import find_verbatim
from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.records import Chunk, Question, Quote
from raftune.teaching.lessons import Fault, Item, Manner
from raftune.teaching.lines import CHARACTERS_PER_QUESTION, lines_of, show_lines
from raftune.teaching.reading import read_items, whole
from raftune.teaching.replies import content_of, fields_in, text_in
from raftune.teaching.requests import MARGIN, Schema, chat_request, instructions, items_of, object_of, one_of, text_of

MEDIA_TYPE = "application/json"
CALL = re.compile(
    r"^(?:- )?(?:api_call|api call|call|usage): *(?P<call>\S.*?) *$"
    r"|^# (?P<operation>(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE) /\S*) *$",
    re.MULTILINE,
)
KNOWN = {"domain": "domain", "api_provider": "api_provider|provider|framework"}
"""Fields of the answer, and the fields of a document that say them: then the teacher is not asked."""
TEXTS = {"domain": 80, "api_provider": 80, "explanation": 500, "code": 800}
INSTRUCTION = 300
TOKENS: dict[str, int] = {"question": 120, "answer": 520}


class CallRecipe:
    """Instructions that one of the passage's calls fulfils."""

    name = "call"

    def numbers(self, chunk: Chunk, manner: Manner) -> tuple[int, ...]:
        """1 to the number of instructions that the description bears by its length; none where it has no call."""
        if not calls_of(chunk):
            return ()
        count = ceil(len(chunk.text) / CHARACTERS_PER_QUESTION[chunk.language])
        return tuple(range(1, min(manner.questions_per_chunk, count) + 1))

    def request(self, chunk: Chunk, manner: Manner) -> ChatRequest | None:
        """The request for a chunk, or None where it describes no call."""
        count = len(self.numbers(chunk, manner))
        if not count:
            return None
        separate = manner.mode == "separate"
        system = instructions("call_questions" if separate else "call", chunk.language, manner)
        user = f"{show_lines(lines_of(chunk), chunk.headings)}\n\nitems: {count}"
        fields = {"question": text_of(INSTRUCTION), **({} if separate else answer_fields(chunk, manner))}
        tokens = TOKENS["question"] if separate else sum(TOKENS.values())
        return chat_request(manner, system, user, items_of(object_of(fields), count), tokens * count + MARGIN)

    def read(self, reply: ChatReply, chunk: Chunk, manner: Manner) -> list[Item | Fault]:
        """An item or a fault for each instruction wanted or written. Raises BadReply when the reply cannot be used."""

        def read(number: int, given: Any) -> Item:
            fields = fields_in(given)
            item = Item(number, "call", whole(text_in(fields, "question", fields.get("instruction", ""))))
            return item if manner.mode == "separate" else answered(item, fields, chunk)

        return read_items(content_of(reply), len(self.numbers(chunk, manner)), read)

    def answer_request(self, question: Question, chunk: Chunk, manner: Manner) -> ChatRequest:
        """The request for one answer."""
        system = instructions("call_answer", chunk.language, manner)
        user = f"{show_lines(lines_of(chunk), chunk.headings)}\n\nquestion: {question.text}"
        schema = object_of(answer_fields(chunk, manner))
        return chat_request(manner, system, user, schema, TOKENS["answer"] + MARGIN)

    def read_answer(self, reply: ChatReply, question: Question, chunk: Chunk, manner: Manner) -> Item:  # noqa: ARG002
        """The instruction with its call. Raises BadReply."""
        content = content_of(reply)
        fields = fields_in(content[0] if isinstance(content, list) and len(content) == 1 else content)
        return answered(Item(question.item, "call", question.text), fields, chunk)


def calls_of(chunk: Chunk) -> list[tuple[int, int]]:
    """Where the calls of a description stand in the chunk's text, each once; none in other documents."""
    if chunk.media_type != MEDIA_TYPE:
        return []
    spans: dict[str, tuple[int, int]] = {}
    for match in CALL.finditer(chunk.text):
        name = "call" if match["call"] else "operation"
        spans.setdefault(match[name], match.span(name))
    return list(spans.values())


def stated(chunk: Chunk, name: str) -> str:
    """What the document itself says about a field, or ""."""
    match = statement(chunk, name)
    return match.group(1) if match else ""


def statement(chunk: Chunk, name: str) -> re.Match[str] | None:
    """The line of the document that says a field."""
    return re.search(rf"^(?:- )?(?:{KNOWN[name]}): *(\S.*?) *$", chunk.text, re.MULTILINE) if name in KNOWN else None


def answer_fields(chunk: Chunk, manner: Manner) -> dict[str, Schema]:
    """The schemas of what is asked for: not what the document says itself, no prose where no reasoning is wanted."""
    calls = [chunk.text[slice(*span)] for span in calls_of(chunk)]
    names = [name for name in TEXTS if not stated(chunk, name) and (manner.reasoning or name in KNOWN)]
    return {"api_call": one_of(calls), **{name: text_of(TEXTS[name]) for name in names}}


def answered(item: Item, fields: dict[str, Any], chunk: Chunk) -> Item:
    """An item with its call. Raises BadReply "call not found" for one that the document does not hold."""
    spans = calls_of(chunk)
    given = text_in(fields, "api_call", chunk.text[slice(*spans[0])] if len(spans) == 1 else "")
    span = next(
        (span for span in spans if given and find_verbatim(given, chunk.text[slice(*span)]) == whole_of(span)), None
    )
    if span is None:
        raise BadReply(f"The call does not stand in the passage: {given}", "Use another teacher.", "call not found")
    quotes = quotes_for(span, chunk)
    return Item(item.number, "call", item.question, described(fields, chunk), chunk.text[slice(*span)], quotes)


def quotes_for(call: tuple[int, int], chunk: Chunk) -> tuple[Quote, ...]:
    """The line of the call, and those that say its domain and provider, in the order of the text."""
    line = chunk.text.rfind("\n", 0, call[0]) + 1, (chunk.text + "\n").index("\n", call[1])
    spans = {line, *(match.span() for name in KNOWN if (match := statement(chunk, name)))}
    return tuple(
        Quote(chunk=chunk.id, start=start, end=end, text=chunk.text[start:end]) for start, end in sorted(spans)
    )


def whole_of(span: tuple[int, int]) -> tuple[int, int]:
    """The span of a whole text that was cut out there."""
    return 0, span[1] - span[0]


def described(fields: dict[str, Any], chunk: Chunk) -> str:
    """What stands before the call in an answer: a line a field; code keeps its lines."""
    lines = []
    for name in TEXTS:
        text = stated(chunk, name) or text_in(fields, name, "")
        if text and name == "code":
            text = "\n" + str(fields[name]).strip().replace("```python", "").replace("```", "").strip()
        if text:
            lines.append(f"{name}: {text}")
    return "\n".join(lines)


recipe = CallRecipe()
