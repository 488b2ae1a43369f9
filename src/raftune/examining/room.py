"""How long the longest requests can get that the settings lead to: passages as long as they may be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from raftune.api import Project
from raftune.contracts import ChatRequest, Verifier
from raftune.estimating.requests import answering, asking, likely_answers, likely_questions, verifying
from raftune.models.tokens import characters, tokens_of
from raftune.plugins import teacher_of
from raftune.providers import recorded
from raftune.reading.vision import page_request
from raftune.records import Chunk, Language, Page
from raftune.registry import load
from raftune.roles import EndpointConfig
from raftune.stage import Teacher
from raftune.tokenizing import counter_for, request_tokens

SMALLER = "Make chunk.maximum or teacher.questions_per_chunk smaller, or give the model more context."
SENTENCE: dict[Language, str] = {
    "en": "The harbour office raised the fee for berth {0} by {0} percent after the meeting in the second quarter. ",
    "ko": "항만 사무소는 2분기 회의 이후 제{0}선석의 사용료를 {0}퍼센트 인상하기로 결정하였다고 밝혔다. ",
}


@dataclass(frozen=True)
class Need:
    """The tokens that a role's longest request and its reply take, and what makes it shorter."""

    role: str
    tokens: int
    advice: str = SMALLER


def needs_of(project: Project) -> list[Need]:
    """What each role's model must have room for, at the least. Raises ConfigError for a tokenizer that is none."""
    chunks = [longest_chunk(project, language) for language in get_args(Language)]
    settings = project.settings
    most = partial(longest, project.folder)
    judge = settings.judge if settings.judge.model else settings.teacher
    found = [
        Need("teacher", most(settings.teacher, settings.teacher.model, list(taught(project, chunks)))),
        Need(
            "judge" if settings.judge.model else "teacher",
            most(judge, judge.model, list(checked(project, chunks))),
        ),
    ]
    if settings.vision.model:
        advice = "Make vision.max_tokens smaller, or give the model more context."
        found.append(Need("vision", most(settings.vision, settings.vision.model, looked(project)), advice))
    if settings.embedder.provider == "openai":
        count = counter_for(settings.embedder.model, settings.embedder.tokenizer, project.folder)
        found.append(Need("embedder", max(count(chunk.text) for chunk in chunks), "Make chunk.maximum smaller."))
    return found


def longest(folder: Path, config: EndpointConfig, model: str, requests: Sequence[ChatRequest]) -> int:
    """The tokens of the longest request with its reply."""
    count = counter_for(model, config.tokenizer, folder)
    return max((request_tokens(request, count) + request.max_tokens for request in requests), default=0)


def taught(project: Project, chunks: Sequence[Chunk]) -> Iterator[ChatRequest]:
    """What asks the teacher about the longest passages."""
    manner = manner_of(project)
    yield from asking(chunks, manner)
    if manner.mode == "separate":
        questions = {chunk.id: likely_questions(chunk, manner, unknown)[:1] for chunk in chunks}
        yield from answering(chunks, questions, manner)


def checked(project: Project, chunks: Sequence[Chunk]) -> Iterator[ChatRequest]:
    """What has the answers about the longest passages checked."""
    settings, manner = project.settings, manner_of(project)
    verifiers: list[Verifier] = [load("verifiers", name)() for name in settings.verify.verifiers]
    answers = {
        chunk.id: likely_answers(chunk, likely_questions(chunk, manner, unknown), manner, unknown) for chunk in chunks
    }
    yield from verifying(chunks, answers, verifiers, settings.judge.model or settings.teacher.model)


def looked(project: Project) -> list[ChatRequest]:
    """What has a page looked at."""
    vision = project.settings.vision
    return [page_request(vision.model, "data:", Page(number=1, text=""), "en", max_tokens=vision.max_tokens)]


def manner_of(project: Project) -> Teacher:
    """How the teacher is asked; it is not asked here."""
    return teacher_of(project.settings.teacher, recorded.plug())


def unknown(key: str) -> None:
    """Nothing was asked yet."""


def longest_chunk(project: Project, language: Language) -> Chunk:
    """A passage of made-up sentences, as long as the settings allow."""
    settings = project.settings.chunk
    measure = characters if settings.unit == "characters" else tokens_of(project.student_name).measure
    share = len(measure(SENTENCE[language].format(10)))
    text = "".join(SENTENCE[language].format(number) for number in range(10, 11 + settings.maximum // share)).strip()
    return Chunk(
        document="longest",
        path="longest",
        text=text,
        start=0,
        end=len(text),
        pages=(1,),
        headings=(),
        language=language,
    )
