"""A teacher at work: the questions of a chunk, the answer to a question, each as an item or a fault."""

from dataclasses import dataclass

from raftune.contracts import ChatRequest
from raftune.errors import BadReply
from raftune.records import Chunk, Question
from raftune.teaching.lessons import Fault, Item, Manner
from raftune.teaching.recipes import recipe_for


@dataclass(frozen=True)
class Written:
    """What a teacher was told, and what came of it: as many outcomes as questions were wanted, or more."""

    instructions: str
    outcomes: tuple[Item | Fault, ...]


@dataclass(frozen=True)
class Answered:
    """What a teacher was told, and a question with its answer."""

    instructions: str
    item: Item


async def write_questions(teacher: Manner, chunk: Chunk) -> Written:
    """The questions of a chunk, in "combined" mode with their answers; a reply that cannot be used is a fault for each.

    Raises BadReply "nothing to ask" where the chunk bears no question, ConfigError where the teacher cannot do it.
    """
    recipe = recipe_for(teacher, chunk)
    request = recipe.request(chunk, teacher)
    if request is None:
        raise BadReply("Nothing in this chunk is worth a question.", "Nothing to do.", "nothing to ask")
    try:
        outcomes = recipe.read(await teacher.chat.complete(request), chunk, teacher)
    except BadReply as error:
        outcomes = [Fault(number, error.reason, str(error)) for number in recipe.numbers(chunk, teacher)]
    return Written(instructions_of(request), tuple(outcomes))


async def write_answer(teacher: Manner, question: Question, chunk: Chunk) -> Answered:
    """A question's answer; in "combined" mode from the reply that held the question. Raises BadReply, ConfigError."""
    if teacher.mode == "combined":
        written = await write_questions(teacher, chunk)
        same = [item for item in written.outcomes if isinstance(item, Item) and item.number == question.item]
        if not same or same[0].question != question.text:
            raise BadReply(
                "The teacher's reply has this question no more.", "Run again with --fresh ask.", "stale question"
            )
        return Answered(written.instructions, same[0])
    recipe = recipe_for(teacher, chunk)
    request = recipe.answer_request(question, chunk, teacher)
    item = recipe.read_answer(await teacher.chat.complete(request), question, chunk, teacher)
    return Answered(instructions_of(request), item)


def instructions_of(request: ChatRequest) -> str:
    """The system text of a request."""
    return "\n".join(message.content for message in request.messages if message.role == "system")
