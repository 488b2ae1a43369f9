"""Chunks -> questions: the teacher writes several for each chunk in one request; gates drop faulty ones."""

from collections.abc import AsyncIterator

from raftune.artifact import Artifact
from raftune.records import Chunk, Question
from raftune.stage import StageConfig, Tools, fault_of, stage
from raftune.teaching.lessons import Fault
from raftune.teaching.writing import Written, write_questions

PROMPTS = (
    "teach", "reasoning", "passages", "passages_questions", "passages_reasoning", "call", "call_questions", "kinds",
    "style",
)  # fmt: skip


class AskConfig(StageConfig):
    """How questions are written and which are kept."""

    gates: tuple[str, ...] = ("complete", "stands_alone", "language", "duplicate")
    """Gates a question has to pass, in this order."""


@stage(version=2, row_type=Question, roles=("teacher",), prompts=PROMPTS)
async def ask(tools: Tools, config: AskConfig, chunks: Artifact[Chunk]) -> AsyncIterator[Question]:
    """The questions that pass, in the order of the chunks.

    Every question that was wanted of a chunk is either a row or a reject with its reason; a chunk that bears no
    question is one reject.
    """
    teacher = tools.plugs.teacher()
    gates = tools.plugs.gates("ask", config.gates)

    async def write(chunk: Chunk) -> Written:
        return await write_questions(teacher, chunk)

    async for chunk, written in tools.each(chunks, write, teacher.at_once, len(chunks)):
        for outcome in written.outcomes:
            row = f"{chunk.id}:{outcome.number}"
            if isinstance(outcome, Fault):
                tools.reject(row, outcome.reason, outcome.detail)
            elif found := fault_of(gates, outcome.candidate(chunk, written.instructions)):
                tools.reject(row, found[0], f"{found[1]}: {outcome.question}")
            else:
                yield Question(
                    chunk=chunk.id,
                    item=outcome.number,
                    text=outcome.question,
                    language=chunk.language,
                    kind=outcome.kind,
                )
