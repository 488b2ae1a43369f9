"""Questions -> answers: reasoning, verbatim quotes with spans, final answer; gates drop faulty ones.

The request is the one that `ask` sent, so the ledger answers it: nothing is paid here.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from raftune.artifact import Artifact
from raftune.contracts import Candidate
from raftune.errors import BadReply
from raftune.records import Answer, Chunk, Question, Quote
from raftune.stage import StageConfig, Tools, Transport, rows_by_id, stage
from raftune.teaching import Item, read_reply, teaching_request


class AnswerConfig(StageConfig):
    """Which answers are kept."""

    gates: tuple[str, ...] = ("finished", "concise", "supported", "prompt_echo")
    """Gates an answer has to pass, in this order."""
    at_once: Annotated[int, Transport()] = 8
    """Requests in flight at the same time."""


@stage(version=1, row_type=Answer, roles=("teacher",), prompts=("teach", "reasoning"))
async def answer(
    tools: Tools, config: AnswerConfig, questions: Artifact[Question], chunks: Artifact[Chunk]
) -> AsyncIterator[Answer]:
    """The answers that pass, in the order of the questions."""
    teacher = tools.plugs.teacher()
    gates = tools.plugs.gates("answer", config.gates)
    chunk_by_id = rows_by_id(chunks)

    async def write(question: Question) -> Item:
        chunk = chunk_by_id[question.chunk]
        request = teaching_request(chunk, teacher.questions_per_chunk, teacher.model, reasoning=teacher.reasoning)
        if request is None:
            raise BadReply(
                "The chunk of this question has nothing to ask about.", "Run again with --fresh ask.", "stale question"
            )
        items = read_reply(await teacher.chat.complete(request), chunk, teacher.questions_per_chunk)
        return next(item for item in items if item.sentence.number == question.item)

    async for question, item in tools.each(questions, write, config.at_once, len(questions)):
        chunk = chunk_by_id[question.chunk]
        candidate = Candidate(
            item.question, item.answer, item.reasoning, item.sentence.text, chunk.text, chunk.language
        )
        faults = ((gate.name, fault) for gate in gates if (fault := gate.fault(candidate)))
        if found := next(faults, None):
            tools.reject(question.id, found[0], f"{found[1]}: {item.question} | {item.answer}")
        else:
            yield answer_of(question, chunk, item, teacher.model)


def answer_of(question: Question, chunk: Chunk, item: Item, author: str) -> Answer:
    """The answer a teacher gave, its quote as a span of the chunk."""
    sentence = item.sentence
    return Answer(
        question=question.id,
        chunk=chunk.id,
        text=question.text,
        reasoning=item.reasoning,
        quotes=(Quote(chunk=chunk.id, start=sentence.start, end=sentence.end, text=sentence.text),),
        final=item.answer,
        language=question.language,
        author=author,
    )
