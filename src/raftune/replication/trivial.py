"""Systems without a model, to be beaten: one answer for every question, and the sentence nearest to it."""

from collections.abc import Iterable, Iterator, Sequence

from raftune.comparison import overlap_f1
from raftune.prompts.raft import ANSWER, BEGIN, END
from raftune.records import Example, Prediction
from raftune.replication.course import Benchmark, Course
from raftune.replication.texts import sentences
from raftune.terms import terms

CONSTANT, NEAREST = "one answer for all", "nearest sentence"
TRIVIAL = (CONSTANT, NEAREST)


def trivial_replies(benchmark: Benchmark, course: Course, examples: Iterable[Example]) -> Iterator[Prediction]:
    """The replies of both systems to all questions, in the form that students are to write."""
    for example in examples:
        constant = course.constants.get(course.slices.get(example.answer, ""), course.constants.get("", ""))
        yield reply(example, CONSTANT, f"{ANSWER} {constant}")
        if example.documents:
            sentence, document = nearest([document.text for document in example.documents], example.text)
            text = f"{BEGIN}{sentence}{END}\n{ANSWER} {benchmark.guess(example, sentence, document)}"
            yield reply(example, NEAREST, text)


def nearest(documents: Sequence[str], question: str) -> tuple[str, str]:
    """The sentence that shares most terms with a question, and its document; of several the first one."""
    wanted = terms(question)
    pairs = [(sentence, document) for document in documents for sentence in sentences(document)]
    return max(pairs, key=lambda pair: overlap_f1(terms(pair[0]), wanted))


def reply(example: Example, system: str, text: str) -> Prediction:
    """A reply that cost nothing."""
    return Prediction(
        example=example.id, system=system, reply=text, finish_reason="stop", prompt_tokens=0, completion_tokens=0
    )
