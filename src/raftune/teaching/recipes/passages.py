"""A capable teacher sees a numbered passage and writes questions of the wanted kinds, quoting by line number."""

import re
from collections.abc import Sequence
from typing import Any

from raftune.comparison import says_unknown
from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.records import Chunk, Kind, Question
from raftune.teaching.kinds import allocated, kind_of, servable
from raftune.teaching.lessons import Fault, Item, Manner
from raftune.teaching.lines import Line, lines_of, question_count, quotable, show_lines
from raftune.teaching.quoting import MOST_QUOTES, quotes_of
from raftune.teaching.reading import read_items, whole
from raftune.teaching.replies import content_of, fields_in, text_in
from raftune.teaching.requests import (
    MARGIN,
    Schema,
    chat_request,
    instructions,
    items_of,
    list_of,
    object_of,
    one_of,
    text_of,
)

QUESTION, REASONING, ANSWER = 300, 400, 200  # characters
PAPER = r"(?:passage|text|sentence|line|quote|document)"
STATING = re.compile(
    r"(?:(?<=[.!?] )|^)(?:"
    rf"(?:(?:The|This) {PAPER}(?: \w+ly)? (?:states|mentions|says|indicates|notes|shows|explains|specifies) that"
    rf"|According to the {PAPER},) (?P<fact>\w)"
    r"|(?:지문|본문|문장|문서)에(?: 따르면|서는),? (?P<korean>\w))"
)
TOKENS: dict[str, int] = {"question": 120, "answer": 280}
"""Room for each in tokens; about twice what English takes, because Korean takes more."""


class PassagesRecipe:
    """Questions of wanted kinds; each answer quotes lines of the passage, by number or in their words."""

    name = "passages"

    def numbers(self, chunk: Chunk, manner: Manner) -> tuple[int, ...]:
        """1 to the number of questions that the passage bears: fewer than asked for where it is short."""
        return tuple(range(1, len(wanted_kinds(chunk, manner)) + 1))

    def request(self, chunk: Chunk, manner: Manner) -> ChatRequest | None:
        """The request for a chunk, or None where it bears no question of the wanted kinds."""
        kinds = wanted_kinds(chunk, manner)
        if not kinds:
            return None
        separate = manner.mode == "separate"
        prompt = "passages_questions" if separate else "passages"
        system = instructions(prompt, chunk.language, manner, "passages_reasoning")
        lines = lines_of(chunk)
        user = f"{show_lines(lines, chunk.headings)}\n\nkinds: {', '.join(kinds)}"
        fields = {"kind": one_of(kinds), **({} if separate else quotes_field(lines)), "question": text_of(QUESTION)}
        item = object_of(fields if separate else fields | answer_fields(manner))
        tokens = sum(TOKENS.values()) if not separate else TOKENS["question"]
        return chat_request(manner, system, user, items_of(item, len(kinds)), tokens * len(kinds) + MARGIN)

    def read(self, reply: ChatReply, chunk: Chunk, manner: Manner) -> list[Item | Fault]:
        """An item or a fault for each question wanted or written. Raises BadReply when the reply cannot be used."""
        lines, kinds = lines_of(chunk), wanted_kinds(chunk, manner)

        def read(number: int, given: Any) -> Item:
            fields = fields_in(given)
            question, claimed = whole(text_in(fields, "question", "")), claimed_kind(fields, kinds)
            if manner.mode == "separate":
                return Item(number, claimed or kinds[number - 1], question)
            return answered(Item(number, claimed or "fact", question), fields, chunk, lines)

        return read_items(content_of(reply), len(kinds), read)

    def answer_request(self, question: Question, chunk: Chunk, manner: Manner) -> ChatRequest:
        """The request for one answer; the passage comes first, so that a server reads it once for all questions."""
        system = instructions("passages_answer", chunk.language, manner, "passages_reasoning")
        lines = lines_of(chunk)
        user = f"{show_lines(lines, chunk.headings)}\n\nquestion: {question.text}"
        schema = object_of({**quotes_field(lines, least=0), **answer_fields(manner)})
        schema["properties"]["answer"]["minLength"] = 0
        return chat_request(manner, system, user, schema, TOKENS["answer"] + MARGIN)

    def read_answer(self, reply: ChatReply, question: Question, chunk: Chunk, manner: Manner) -> Item:  # noqa: ARG002
        """The question with its answer. Raises BadReply, "not answered" where the teacher found no answer."""
        content = content_of(reply)
        fields = fields_in(content[0] if isinstance(content, list) and len(content) == 1 else content)
        item = Item(question.item, question.kind, question.text)
        return answered(item, fields, chunk, lines_of(chunk))


def wanted_kinds(chunk: Chunk, manner: Manner) -> tuple[Kind, ...]:
    """The kinds of the questions that are wanted of a chunk, one a question."""
    lines = lines_of(chunk)
    count = question_count(lines, chunk.language, manner.questions_per_chunk)
    return allocated(servable(lines, chunk.language), manner.kinds, count, chunk.text) if count else ()


def quotes_field(lines: Sequence[Line], least: int = 1) -> dict[str, Schema]:
    """The schema of quotes: numbers of lines."""
    numbers = [line.number for line in quotable(lines) if line.number is not None]
    return {"quotes": list_of(one_of(numbers), least, min(MOST_QUOTES, len(numbers)))}


def answer_fields(manner: Manner) -> dict[str, Schema]:
    """The schemas of reasoning and answer."""
    return {**({"reasoning": text_of(REASONING)} if manner.reasoning else {}), "answer": text_of(ANSWER)}


def bare_reasoning(text: str) -> str:
    """A reasoning without "The passage states that" at the beginning of its sentences: the student sees documents."""
    return STATING.sub(lambda match: match["fact"].upper() if match["fact"] else match["korean"], text)


def claimed_kind(fields: dict[str, Any], kinds: Sequence[Kind]) -> Kind | None:
    """The kind that the teacher says it wrote, if it is one of those wanted."""
    claimed = fields.get("kind")
    return next((kind for kind in kinds if kind == claimed), None)


def answered(item: Item, fields: dict[str, Any], chunk: Chunk, lines: Sequence[Line]) -> Item:
    """An item with the answer in `fields`. Raises BadReply: "not answered", or what `quotes_of` finds."""
    answer, reasoning = text_in(fields, "answer", ""), bare_reasoning(text_in(fields, "reasoning", ""))
    if not answer or says_unknown(answer):
        raise BadReply(f"There is no answer to: {item.question}", "Nothing to do.", "not answered")
    quotes = quotes_of(fields.get("quotes", fields.get("quote")), chunk, lines)
    rows = [line.span for line in lines if line.is_row]
    of_row = all(any(start <= quote.start < end for start, end in rows) for quote in quotes)
    kind = kind_of(item.question, answer, chunk.language, of_row=of_row, claimed=item.kind)
    return Item(item.number, kind, item.question, reasoning, answer, quotes)


recipe = PassagesRecipe()
