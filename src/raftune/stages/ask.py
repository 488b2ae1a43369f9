"""Chunks -> questions: the teacher writes several for each chunk in one request; gates drop faulty ones."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from raftune.artifact import Artifact
from raftune.contracts import Candidate, Gate
from raftune.errors import BadReply
from raftune.records import Chunk, Question
from raftune.stage import StageConfig, Tools, Transport, stage
from raftune.teaching import Item, read_reply, teaching_request


class AskConfig(StageConfig):
    """How questions are written and which are kept."""

    gates: tuple[str, ...] = ("complete", "stands_alone", "language", "leaks_answer", "duplicate")
    """Gates a question has to pass, in this order."""
    at_once: Annotated[int, Transport()] = 8
    """Requests in flight at the same time."""


@stage(version=1, row_type=Question, roles=("teacher",), prompts=("teach", "reasoning"))
async def ask(tools: Tools, config: AskConfig, chunks: Artifact[Chunk]) -> AsyncIterator[Question]:
    """The questions that pass, in the order of the chunks. A chunk with nothing to ask about is rejected."""
    teacher = tools.plugs.teacher()
    gates = tools.plugs.gates("ask", config.gates)

    async def write(chunk: Chunk) -> list[Item]:
        request = teaching_request(chunk, teacher.questions_per_chunk, teacher.model, reasoning=teacher.reasoning)
        if request is None:
            raise BadReply("No sentence of this chunk is worth a question.", "Nothing to do.", "nothing to ask")
        return read_reply(await teacher.chat.complete(request), chunk, teacher.questions_per_chunk)

    async for chunk, items in tools.each(chunks, write, config.at_once, len(chunks)):
        for item in items:
            if fault := first_fault(gates, chunk, item):
                tools.reject(f"{chunk.id}:{item.sentence.number}", *fault)
            else:
                yield Question(chunk=chunk.id, item=item.sentence.number, text=item.question, language=chunk.language)


def first_fault(gates: Sequence[Gate], chunk: Chunk, item: Item) -> tuple[str, str] | None:
    """The name of the first gate an item does not pass and the detail, or None."""
    candidate = Candidate(item.question, item.answer, item.reasoning, item.sentence.text, chunk.text, chunk.language)
    for gate in gates:
        if fault := gate.fault(candidate):
            return gate.name, f"{fault}: {item.question}"
    return None
