"""Questions -> answers: reasoning, verbatim quotes with spans, final answer; gates drop faulty ones.

Where questions and answers came in one reply, the request is the one that `ask` sent: the ledger answers it, and
nothing is paid here.
"""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.records import Answer, Chunk, Question
from raftune.stage import StageConfig, Tools, fault_of, rows_by_id, stage
from raftune.teaching.lessons import Item
from raftune.teaching.writing import Answered, write_answer

PROMPTS = (
    "teach", "reasoning", "passages", "passages_answer", "passages_reasoning", "call", "call_answer", "kinds", "style",
)  # fmt: skip


class AnswerConfig(StageConfig):
    """Which answers are kept."""

    gates: tuple[str, ...] = (
        "finished",
        "concise",
        "supported",
        "leaks_answer",
        "says_more",
        "prompt_echo",
        "personal_data",
        "injection",
    )
    """Gates an answer has to pass, in this order."""


@stage(version=2, row_type=Answer, roles=("teacher",), prompts=PROMPTS)
async def answer(
    tools: Tools, config: AnswerConfig, questions: Artifact[Question], chunks: Artifact[Chunk]
) -> AsyncIterator[Answer]:
    """The answers that pass, in the order of the questions; every other question is a reject with its reason."""
    teacher = tools.plugs.teacher()
    gates = tools.plugs.gates("answer", config.gates)
    chunk_by_id = rows_by_id(chunks)

    async def write(question: Question) -> Answered:
        return await write_answer(teacher, question, chunk_by_id[question.chunk])

    async for question, answered in tools.each(questions, write, teacher.at_once, len(questions)):
        item, chunk = answered.item, chunk_by_id[question.chunk]
        if found := fault_of(gates, item.candidate(chunk, answered.instructions)):
            tools.reject(question.id, found[0], f"{found[1]}: {item.question} | {item.answer}")
        else:
            yield answer_of(question, item, teacher.model)


def answer_of(question: Question, item: Item, author: str) -> Answer:
    """The answer a teacher gave."""
    return Answer(
        question=question.id,
        chunk=question.chunk,
        text=question.text,
        reasoning=item.reasoning,
        quotes=item.quotes,
        final=item.answer,
        language=question.language,
        author=author,
        kind=item.kind,
    )
