"""A project's service: its student with its adapters, its passages, its embedder."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from raftune.answering import Answerer
from raftune.api import Project, opened_ledger, plugs_of, stored, token_count
from raftune.blocking import wait_for
from raftune.consulting import open_passages, passages_shown
from raftune.contracts import ChatReply, ChatRequest
from raftune.errors import ConfigError
from raftune.generating.request import Generation, Generator, Sampling
from raftune.indexing.saved import SavedIndex
from raftune.meter import Meter
from raftune.models.student import find_student, safetensors_folder
from raftune.models.weights import trained_weights
from raftune.plugins import InstalledPlugs
from raftune.project import CONFIG_NAME
from raftune.prompts.raft import default_prompt
from raftune.runner import only_writer
from raftune.serving.catalogue import READER, Catalogue, Served
from raftune.serving.leaving import closing
from raftune.serving.service import Service
from raftune.tuning.jobs import Jobs
from raftune.tuning.tuner import Tuner, slug
from raftune.tuning.uploads import Uploads

WHOLE = "model.safetensors"


@dataclass(frozen=True)
class Continued:
    """A generator as a chat model, with an adapter ("" for none)."""

    generator: Generator
    adapter: str

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply. Raises ProviderError."""
        sampling = Sampling(request.max_tokens, request.temperature, seed=request.seed, schema=request.reply_schema)
        async with closing(self.generator.generate(Generation(request.messages, sampling, self.adapter))) as pieces:
            made = [piece async for piece in pieces]
        text, last = "".join(piece.text for piece in made), made[-1]
        return ChatReply(
            text=text,
            finish_reason=last.finish_reason or "stop",
            prompt_tokens=last.prompt_tokens,
            completion_tokens=last.completion_tokens,
        )


@dataclass(frozen=True)
class Tuned:
    """What training made: a folder with an adapter, or with all weights (`whole`)."""

    folder: Path
    whole: bool


@contextmanager
def opened_service(project: Project, tokens: Sequence[str]) -> Iterator[Service]:
    """A service of all that the project has so far: the base, the tuned model, and its documents to answer from.

    Raises ConfigError where the student or its adapter cannot be opened, MissingExtra where torch is missing.
    """
    project.state.mkdir(exist_ok=True)
    with only_writer(project.state / "serve.lock"), opened_ledger(project) as ledger:
        tuned = tuned_of(project)
        generator = engine_of(project, tuned)
        try:
            catalogue = catalogue_of(project, generator, tuned)
            yield service_of(project, catalogue, plugs_of(project, ledger, Meter(project.settings.max_cost)), tokens)
        finally:
            generator.close()


def tuned_of(project: Project) -> Tuned | None:
    """What training made, None before it, or where a platform did and keeps it."""
    try:
        folder = stored(project, "train").file("adapter")
    except ConfigError:
        return None
    if project.settings.platform is not None:
        return None
    return Tuned(folder, trained_weights(folder).name == WHOLE)


def engine_of(project: Project, tuned: Tuned | None) -> Generator:
    """The project's student, open."""
    from raftune.generating.opening import open_generator

    settings = project.settings
    return open_generator(
        safetensors_folder(find_student(project.student_name)),
        context=settings.serve.context,
        threads=settings.student.threads,
        slots=settings.serve.at_once,
        weights=tuned.folder if tuned is not None and tuned.whole else None,
    )


def catalogue_of(project: Project, generator: Generator, tuned: Tuned | None) -> Catalogue:
    """The base under its name and the tuned model under the project's. One with weights of its own stands alone."""
    catalogue = Catalogue(generator)
    base = find_student(project.student_name).name
    if tuned is None or not tuned.whole:
        catalogue.add(Served(base, seconds_of(project)))
    if tuned is not None:
        name = tuned_name(project.settings.name, base)
        if tuned.whole:
            catalogue.add(Served(name, seconds_of(project)))
        else:
            catalogue.publish(name, tuned.folder, seconds_of(project))
    return catalogue


def tuned_name(project: str, base: str) -> str:
    """The tuned model's name: the project's, unless another model has it."""
    return f"{project}-tuned" if project in (base, READER) else project


def service_of(project: Project, catalogue: Catalogue, plugs: InstalledPlugs, tokens: Sequence[str]) -> Service:
    """The parts of the service, put together. Models that read documents are there once there are passages."""
    settings, index = project.settings, index_of(project, plugs)
    embedder = plugs.embedder(index.language if index is not None else "en")
    plain, best = catalogue.all()[0], catalogue.all()[-1]
    answerer = (
        None if index is None else answerer_of(project, index, Continued(catalogue.generator, best.adapter), best)
    )
    for name, served in ((READER, best), (f"{READER}:base", plain)) if answerer else ():
        catalogue.add(replace(served, name=name, reads=True))
    catalogue.add(Served(embedder.name, seconds_of(project), embeds=True))
    tuner = tuner_of(project, catalogue, plain.name)
    return Service(
        settings.serve,
        catalogue,
        project.state / "serve",
        tuple(tokens),
        background=(lambda: releasing(plugs), *([tuner.working] if tuner else [])),
        answerer=answerer,
        embedder=embedder,
        count=token_count(project),
        tuner=tuner,
    )


def tuner_of(project: Project, catalogue: Catalogue, base: str) -> Tuner | None:
    """Where the base is tuned; None where it is not served, since all its weights were."""
    student = find_student(project.student_name)
    if student.name != base:
        return None
    folder, settings = project.state / "tuning", project.settings
    jobs, uploads = Jobs(folder / "jobs"), Uploads(folder / "files")
    return Tuner(
        jobs, uploads, catalogue, project.student_name, base, slug(settings.name), context=settings.serve.context
    )


def index_of(project: Project, plugs: InstalledPlugs) -> SavedIndex | None:
    """The project's passages, brought up to date; None before there are any."""
    try:
        chunks = stored(project, "chunk")
    except ConfigError:
        return None
    return wait_for(open_passages(project, plugs)) if len(chunks) else None


def answerer_of(project: Project, index: SavedIndex, student: Continued, served: Served) -> Answerer:
    """What finds passages for the models that read documents."""
    shown, seed = passages_shown(project), project.settings.seed
    return Answerer(index.passages, index, student, served.name, default_prompt(), shown, seed)


def seconds_of(project: Project) -> int:
    """When the project's settings were last changed, in seconds since 1970."""
    return int((project.folder / CONFIG_NAME).stat().st_mtime)


@asynccontextmanager
async def releasing(plugs: InstalledPlugs) -> AsyncIterator[None]:
    """Closes what was opened to embed questions after the last request."""
    try:
        yield
    finally:
        await plugs.release()
