"""The requests that stages will send for rows that are stored; stand-ins take the place of rows that are not yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from raftune.contracts import ChatReply, ChatRequest, Verifier
from raftune.digest import Json
from raftune.errors import BadReply
from raftune.records import Answer, Chunk, Language, Question, Quote
from raftune.teaching.lessons import Item, Manner
from raftune.teaching.lines import lines_of, quotable
from raftune.teaching.recipes import recipe_for

Recall = Callable[[str], Json | None]
"""Gives what the ledger holds under a key."""

R = TypeVar("R", Question, Answer)

QUESTION: dict[Language, str] = {
    "en": "What does the document say about the rate that was decided at the meeting in the second quarter?",
    "ko": "두 번째 분기에 열린 회의에서 결정된 금리에 대하여 이 문서는 무엇이라고 설명하는가?",
}
FINAL: dict[Language, str] = {"en": "It was raised by a quarter of a point", "ko": "0.25%포인트 인상되었다"}
"""Of the usual length: about what teachers write."""


def asking(chunks: Iterable[Chunk], manner: Manner) -> Iterator[ChatRequest]:
    """What asks for questions, in "combined" mode with their answers."""
    for chunk in chunks:
        request = recipe_for(manner, chunk).request(chunk, manner)
        if request is not None:
            yield request


def answering(
    chunks: Iterable[Chunk], questions: Mapping[str, Sequence[Question]], manner: Manner
) -> Iterator[ChatRequest]:
    """What asks for answers, in "separate" mode: one request a question."""
    for chunk in chunks:
        recipe = recipe_for(manner, chunk)
        for question in questions.get(chunk.id, ()):
            yield recipe.answer_request(question, chunk, manner)


def verifying(
    chunks: Iterable[Chunk], answers: Mapping[str, Sequence[Answer]], verifiers: Sequence[Verifier], model: str
) -> Iterator[ChatRequest]:
    """What asks about the answers of each passage, one request a verifier."""
    for chunk in chunks:
        if found := answers.get(chunk.id):
            for verifier in verifiers:
                yield verifier.request(model, chunk, found)


def items_known(chunk: Chunk, manner: Manner, recall: Recall) -> list[Item] | None:
    """What a reply in the ledger says about a chunk: questions, in "combined" mode with answers. None: not asked."""
    recipe = recipe_for(manner, chunk)
    request = recipe.request(chunk, manner)
    known = recall(request.key) if request is not None else None
    if known is None:
        return None
    try:
        outcomes = recipe.read(ChatReply.model_validate(known), chunk, manner)
    except BadReply:
        return []
    return [outcome for outcome in outcomes if isinstance(outcome, Item)]


def likely_questions(chunk: Chunk, manner: Manner, recall: Recall) -> list[Question]:
    """The questions of a chunk that a reply in the ledger holds, else stand-ins: as many as are wanted."""
    items = items_known(chunk, manner, recall)
    if items is not None:
        return [question_of(item, chunk) for item in items]
    numbers = recipe_for(manner, chunk).numbers(chunk, manner)
    text = QUESTION[chunk.language]
    return [Question(chunk=chunk.id, item=number, text=text, language=chunk.language) for number in numbers]


def likely_answers(chunk: Chunk, questions: Sequence[Question], manner: Manner, recall: Recall) -> list[Answer]:
    """The answers about a chunk that replies in the ledger hold, else stand-ins, each with one line as its quote."""
    known = (
        items_known(chunk, manner, recall)
        if manner.mode == "combined"
        else answers_known(chunk, questions, manner, recall)
    )
    if known is not None:
        return [answer_of(item, chunk) for item in known]
    lines = quotable(lines_of(chunk))
    quotes = [
        Quote(chunk=chunk.id, start=start, end=end, text=chunk.text[start:end])
        for start, end in (line.span for line in lines)
    ]
    return [
        Answer(
            question=question.id,
            chunk=chunk.id,
            text=question.text,
            reasoning="",
            quotes=(quotes[number % len(quotes)],) if quotes else (),
            final=FINAL[chunk.language],
            language=chunk.language,
            author="",
        )
        for number, question in enumerate(questions)
    ]


def answers_known(chunk: Chunk, questions: Sequence[Question], manner: Manner, recall: Recall) -> list[Item] | None:
    """What replies in the ledger answer to questions, in "separate" mode; None where one is not asked yet."""
    recipe, items = recipe_for(manner, chunk), []
    for question in questions:
        known = recall(recipe.answer_request(question, chunk, manner).key)
        if known is None:
            return None
        with suppress(BadReply):
            items.append(recipe.read_answer(ChatReply.model_validate(known), question, chunk, manner))
    return items


def question_of(item: Item, chunk: Chunk) -> Question:
    """The question of an item."""
    return Question(chunk=chunk.id, item=item.number, text=item.question, language=chunk.language, kind=item.kind)


def answer_of(item: Item, chunk: Chunk) -> Answer:
    """The answer of an item."""
    return Answer(
        question="",
        chunk=chunk.id,
        text=item.question,
        reasoning=item.reasoning,
        quotes=item.quotes,
        final=item.answer,
        language=chunk.language,
        author="",
        kind=item.kind,
    )


def by_chunk(rows: Iterable[R]) -> dict[str, list[R]]:
    """Rows by their chunk."""
    found: dict[str, list[R]] = {}
    for row in rows:
        found.setdefault(row.chunk, []).append(row)
    return found
