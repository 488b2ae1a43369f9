"""What the command line and any other front end call: open a project, plan it, run it, read its rows."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from raftune.artifact import Artifact
from raftune.blocking import wait_for
from raftune.connections import Connections
from raftune.digest import Json, file_digest
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.engines import local
from raftune.errors import ConfigError, DocumentError
from raftune.following import noted
from raftune.ledger import Ledger
from raftune.manifest import manifest
from raftune.meter import Meter
from raftune.models.student import find_student
from raftune.models.tokens import tokens_of
from raftune.overview import FileStatus, files_of
from raftune.pipeline import STAGES, pipeline
from raftune.plugins import InstalledPlugs, embedder_name, embeds, local_name
from raftune.project import Settings, load_settings
from raftune.reading.rendering import render_isolated
from raftune.readings import Limits
from raftune.records import Document, Language, Record, Source
from raftune.render.page import html, summary
from raftune.report_records import Report
from raftune.reviewing.labels import list_labels
from raftune.reviewing.log import list_decisions
from raftune.roles import OtherModelConfig
from raftune.runner import Foresee, Journal, Planner, Runner, StagePlan, StoppedAfter, Watcher, nothing, only_writer
from raftune.sources import list_sources
from raftune.stores.files import FileStore
from raftune.tracing.lighting import lit
from raftune.tracing.places import Place
from raftune.tracing.rows import DRAWN, Trace, named_document, trace

STATE = ".raftune"
EMBEDDING: dict[str, tuple[Literal["splitters", "retrievers"], str, str]] = {
    "embedder": ("splitters", "chunk", "splitter"),
    "retriever": ("retrievers", "assemble", "retriever"),
    "finder": ("retrievers", "predict", "finds_with"),
}
"""The roles of an embedder: it counts where the plug that a section names asks it."""
DOTS_PER_INCH = 150


@dataclass(frozen=True)
class Project:
    """An opened project folder."""

    folder: Path
    settings: Settings

    @property
    def state(self) -> Path:
        """The folder that holds store, ledger and journal."""
        return self.folder / STATE

    @property
    def store(self) -> FileStore:
        """The project's artifacts."""
        return FileStore(self.state / "objects")

    @property
    def journal(self) -> Journal:
        """What was run when."""
        return Journal(self.state / "journal.jsonl")

    @property
    def ledger(self) -> Path:
        """The file of everything that was paid for."""
        return self.state / "ledger.sqlite"

    @property
    def running(self) -> Path:
        """The file that says where a run is, or how the last one ended."""
        return self.state / "running.json"

    @property
    def endpoints(self) -> Path:
        """The file of what was learned about endpoints."""
        return self.state / "endpoints.json"

    def role(self, name: str) -> dict[str, Json]:
        """What decides the replies of a role's model: part of the keys of the stages that use it."""
        if name == "teacher":
            return self.settings.teacher.identity()
        if name == "judge":
            settings = self.settings
            return settings.judge.identity() if settings.judge.model else settings.teacher.identity()
        if name == "vision":
            return self.settings.vision.identity() if self.settings.ingest.looks else {}
        if name == "tokenizer":
            return {"name": tokens_of(self.student_name).name} if self.settings.chunk.unit == "tokens" else {}
        if name == "grader":
            return {**self.role("judge"), **self.embedders()} if self.settings.grade.metrics else {}
        if name in EMBEDDING:
            plugs, section, key = EMBEDDING[name]
            return self.embedders() if embeds(plugs, getattr(getattr(self.settings, section), key)) else {}
        if name == "others":
            return {key: self.other(model) for key, model in self.settings.models.items() if self.asks(key)}
        if platform := self.settings.platform:
            return {**platform.identity(), "place": platform.address().name}
        return {**self.settings.student.identity(), "weights": find_student(self.student_name).fingerprint}

    def asks(self, model: str) -> bool:
        """Whether a system of [predict] is that model."""
        return self.settings.predict.asks(model)

    def other(self, config: OtherModelConfig) -> dict[str, Json]:
        """What decides the replies of a model of [models]: its name and place, or its weights on this machine."""
        if config.provider == "local":
            return {"weights": find_student(local_name(self.folder, config.model)).fingerprint}
        return {**config.identity(), "place": config.address().name}

    def embedders(self) -> dict[str, Json]:
        """The embedder for each language by its name, which tells its vectors apart."""
        return {language: embedder_name(self.settings.embedder, language) for language in get_args(Language)}

    @property
    def student_name(self) -> str:
        """The student's model; a path in the settings counts from the project's folder."""
        return local_name(self.folder, self.settings.student.model)

    def inputs(self) -> tuple[Artifact[Any], Artifact[Any], Artifact[Any]]:
        """The three doors to the world: source files, people's decisions, their labels of graded answers."""
        return self.sources(), list_decisions(self.decisions), list_labels(self.labels)

    def sources(self) -> Artifact[Source]:
        """The source files as they are now. Raises DocumentError where there is no folder of them."""
        return list_sources(self.folder / self.settings.documents, self.state / "sources.json")

    @property
    def decisions(self) -> Path:
        """The log of people's decisions."""
        return self.folder / "decisions.jsonl"

    @property
    def labels(self) -> Path:
        """The sheet of what people think of graded answers."""
        return self.folder / "labels.csv"


@dataclass(frozen=True)
class RunResult:
    """What a run left: the report and its files, or None when it was asked to stop earlier."""

    report: Report | None
    files: tuple[Path, ...]
    meter: Meter


def open_project(folder: Path, changes: Sequence[str] = ()) -> Project:
    """The project in a folder, with changes to its settings. Raises ConfigError."""
    return Project(folder.resolve(), load_settings(folder, changes))


def planned(project: Project) -> Planner:
    """What a run would do with each stage, and the artifacts that it would take over."""
    planner = Planner(project.store, project.journal, project.settings.seed, project.role)
    wait_for(pipeline(planner, project.settings, *project.inputs()))
    return planner


def plan(project: Project) -> list[StagePlan]:
    """What a run would do with each stage."""
    return planned(project).plans


def run(
    project: Project,
    watcher: Watcher,
    until: str | None = None,
    fresh: Sequence[str] = (),
    foresee: Foresee = nothing,
) -> RunResult:
    """Runs what is not stored yet; writes report.html, report.json and manifest.json. Raises any RaftuneError.

    What `foresee` says about a stage before it runs goes into the journal.
    """
    for name in [*fresh, *([until] if until else [])]:
        check_stage(name)
    project.state.mkdir(exist_ok=True)
    with only_writer(project.state / "lock"), opened_ledger(project) as ledger:
        meter = Meter(project.settings.max_cost)
        runner = runner_of(project, ledger, meter, watcher, until, frozenset(fresh))
        runner.foresee = foresee
        with noted(project.running, watcher) as runner.watcher, suppress(StoppedAfter):
            wait_for(pipeline(runner, project.settings, *project.inputs()))
        if "report" not in runner.artifacts:
            return RunResult(None, (), meter)
        report = next(iter(runner.artifacts["report"]))
        return RunResult(report, write_report(project, report, runner.keys, runner.artifacts), meter)


def runner_of(
    project: Project, ledger: Ledger, meter: Meter, watcher: Watcher, until: str | None, fresh: frozenset[str]
) -> Runner:
    """A runner for the project with everything opened that its stages ask for."""
    plugs = plugs_of(project, ledger, meter, fresh)
    return Runner(
        store=project.store,
        plugs=plugs,
        engine=local.plug,
        journal=project.journal,
        watcher=watcher,
        seed=project.settings.seed,
        role=project.role,
        fresh=fresh,
        until=until,
        prepare=plugs.prepare,
        release=plugs.release,
    )


def plugs_of(project: Project, ledger: Ledger, meter: Meter, fresh: frozenset[str] = frozenset()) -> InstalledPlugs:
    """Everything that the project's stages may open."""
    settings = project.settings
    connections = Connections(project.folder, ledger, meter, Keys(project.folder), EndpointMemory(project.endpoints))
    return InstalledPlugs(
        folder=project.folder,
        documents=project.folder / settings.documents,
        cache=project.state / "readings",
        tracked=project.state / "tracked",
        seed=settings.seed,
        teacher_config=settings.teacher,
        vision_config=settings.vision,
        embedder_config=settings.embedder,
        student_config=settings.student,
        judge_config=settings.judge,
        hosted_config=settings.platform,
        other_configs=settings.models,
        connections=connections,
        fresh=fresh,
    )


@contextmanager
def opened_ledger(project: Project) -> Iterator[Ledger]:
    """The project's ledger, recorded replies taken over; closed at the end."""
    ledger = Ledger(project.ledger)
    try:
        if recorded := project.settings.recorded:
            path = project.folder / recorded
            if not path.exists():
                raise ConfigError(f"There are no recorded replies at {path}.", "Correct `recorded` in raftune.toml.")
            ledger.import_file(path, "chat")
        yield ledger
    finally:
        ledger.close()


def check_stage(name: str) -> None:
    """Raises ConfigError when there is no stage of that name."""
    names = [stage.name for stage in STAGES]
    if name not in names:
        raise ConfigError(f"There is no stage {name!r}.", f"The stages are: {', '.join(names)}.")


def write_report(
    project: Project, report: Report, keys: dict[str, str], artifacts: Mapping[str, Artifact[Any]]
) -> tuple[Path, ...]:
    """report.html, report.json and manifest.json beside raftune.toml, with the seconds each stage took."""
    seconds = {
        stage: taken for stage, key in keys.items() if (taken := project.journal.seconds(stage, key)) is not None
    }
    made = manifest(project.settings.model_dump(mode="json"), artifacts, keys, seconds)
    texts = {
        "report.html": html(report, seconds),
        "report.json": json.dumps(summary(report, seconds), ensure_ascii=False, indent=2) + "\n",
        "manifest.json": json.dumps(made, ensure_ascii=False, indent=2) + "\n",
    }
    for name, text in texts.items():
        (project.folder / name).write_text(text, encoding="utf-8")
    return tuple(project.folder / name for name in texts)


def stored(project: Project, name: str) -> Artifact[Record]:
    """The artifact that the last run made or used for a stage. Raises ConfigError when there is none."""
    check_stage(name)
    key = project.journal.last(name).get("key")
    row_type: type[Record] = next(stage.row_type for stage in STAGES if stage.name == name)
    found = project.store.find(name, str(key), row_type) if key else None
    if found is None:
        raise ConfigError(f"The stage {name} has not been run yet.", f"Run `raftune run --until {name}` first.")
    return found


def history(project: Project, name: str) -> list[Artifact[Any]]:
    """The stored artifacts of a stage, the latest first. Raises ConfigError when there is none."""
    latest = stored(project, name)
    keys = dict.fromkeys(str(line["key"]) for line in project.journal.lines() if line["stage"] == name)
    found = (project.store.find(name, key, latest.row_type) for key in reversed(keys))
    return [latest, *(artifact for artifact in found if artifact is not None and artifact.folder != latest.folder)]


def find_row(project: Project, start: str, stages: Sequence[str]) -> Record:
    """The only row of those stages' latest artifacts whose id begins with `start`.

    Raises ConfigError when there is no such row or more than one, or none of the stages has been run.
    """
    artifacts = []
    for name in stages:
        try:
            artifacts.append(stored(project, name))
        except ConfigError:
            if name == stages[-1] and not artifacts:
                raise
    found = {row.id: row for artifact in artifacts for row in artifact.beginning(start)}
    if not found:
        raise ConfigError(f"No row of {' or '.join(stages)} begins with {start!r}.", "`raftune show STAGE` prints ids.")
    if len(found) > 1:
        raise ConfigError(
            f"{len(found)} rows begin with {start!r}.", f"Give more of it: {', '.join(sorted(found)[:5])}."
        )
    return next(iter(found.values()))


def locate(project: Project, row: Record) -> list[Trace]:
    """Where a row stands in the documents: the chunk of a Chunk or Question, each quote of an Answer or Example.

    Raises ConfigError for a row that stands on no chunk.
    """
    return trace(row, history(project, "chunk"), history(project, "ingest"))


def find_document(project: Project, name: str) -> Document:
    """The read document of that path (below the documents folder or from here), or the only one with it in its path.

    A document of a file that holds many is PATH#PART. Raises ConfigError when there is none, or more than one.
    """
    folder = project.folder / project.settings.documents
    path = Path(name).resolve()
    exact = path.relative_to(folder.resolve()).as_posix() if path.is_relative_to(folder.resolve()) else name
    return named_document((row for row in stored(project, "ingest") if isinstance(row, Document)), exact)


def page_image(project: Project, document: Document, place: Place) -> bytes:
    """A document's page as PNG at 150 dots an inch with the place's rectangles lit, drawn in a child process.

    Raises ConfigError where the source has no pages to draw, DocumentError where the file changed or cannot be drawn.
    """
    if document.media_type not in DRAWN:
        raise ConfigError(
            f"{document.path} has no pages that can be drawn.", "Only the pages of PDF files have pictures."
        )
    path = project.folder / project.settings.documents / document.path
    if not path.is_file() or file_digest(path) != document.sha256:
        raise DocumentError(
            f"{document.path} is no longer the file that was read.",
            "Put it back, or run `raftune run` again.",
            "changed",
        )
    limits = Limits(project.settings.ingest.seconds, project.settings.ingest.megabytes)
    return lit(wait_for(render_isolated(path, place.page, DOTS_PER_INCH, limits)), place)


def token_count(project: Project) -> Callable[[str], int]:
    """Counts the tokens of a text as the student's tokenizer does."""
    measure = tokens_of(project.student_name).measure
    return lambda text: len(measure(text))


def files(project: Project) -> list[FileStatus]:
    """What became of each file when the documents were last read, and the files that came since.

    Raises ConfigError before that.
    """
    ingested = stored(project, "ingest")
    documents = (row for row in ingested if isinstance(row, Document))
    return files_of(documents, ingested.rejects(), sources_now(project))


def sources_now(project: Project) -> list[Source]:
    """The source files as they are now; none where their folder is gone."""
    try:
        return list(project.sources())
    except DocumentError:
        return []
