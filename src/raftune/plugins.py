"""What a stage may ask for, opened by the names in the settings."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from raftune.connections import Connections
from raftune.contracts import (
    ChatModel,
    Embedder,
    Gate,
    Metric,
    Retriever,
    SplitOptions,
    Splitter,
    Tracker,
    Trainer,
    Verifier,
)
from raftune.digest import file_digest
from raftune.errors import ConfigError, MissingExtra
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.tokens import characters, tokens_of
from raftune.models.weights import trained_weights
from raftune.platforms import hosted_settings, tuned_at
from raftune.reading.cache import read_cached
from raftune.reading.rendering import render_isolated
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Language, Source
from raftune.registry import load
from raftune.roles import (
    EmbedderConfig,
    HostedConfig,
    JudgeConfig,
    OtherModelConfig,
    ServedConfig,
    StudentConfig,
    TeacherConfig,
    VisionConfig,
)
from raftune.stage import Judge, Teacher, Vision

AT_ONCE = 8
TOGETHER = 32  # replies that torch makes at the same time
READ_AHEAD = 4  # rows a request that may be in flight: one slow reply must not stop the others
MOST_AT_ONCE = 512
PICTURES_AT_ONCE = 32
IN_A_BATCH = 10_000


@dataclass
class InstalledPlugs:
    """The plugs of one project. Paths in the settings count from `folder`."""

    folder: Path
    documents: Path
    cache: Path
    tracked: Path
    seed: int
    connections: Connections
    teacher_config: TeacherConfig
    vision_config: VisionConfig
    student_config: StudentConfig
    judge_config: JudgeConfig = field(default_factory=JudgeConfig)
    embedder_config: EmbedderConfig = field(default_factory=EmbedderConfig)
    hosted_config: HostedConfig | None = None
    other_configs: Mapping[str, OtherModelConfig] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    embedders: dict[Language, Embedder] = field(default_factory=dict)

    def prepare(self, stage: str) -> None:
        """A stage starts: where it was asked to run afresh, replies in the ledger are asked for again."""
        self.connections.enter(stage, refresh=stage in self.fresh)

    def read(self, source: Source, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
        """A source file's documents and pages, read in a child process with limits, or as they were read before."""
        return read_cached(self.documents, source, options, limits, self.cache, refresh=self.connections.refresh)

    async def picture(self, source: Source, page: int, dots_per_inch: int, limits: Limits) -> bytes:
        """A page of a PDF as PNG or JPEG, drawn in a child process with limits. Raises DocumentError."""
        return await render_isolated(self.documents / source.path, page, dots_per_inch, limits)

    def measure(self, unit: Literal["tokens", "characters"]) -> Callable[[str], Sequence[int]]:
        """What sizes are counted in: the student's tokens, or characters."""
        return characters if unit == "characters" else tokens_of(self.student_name()).measure

    def splitter(self, name: str, options: SplitOptions, language: Language) -> Splitter:
        """The splitter of that name; one that embeds gets the embedder for that language."""
        if embeds("splitters", name) and options.embedder is None:
            options = replace(options, embedder=self.embedder(language))
        splitter: Splitter = load("splitters", name)(options)
        return splitter

    def embedder(self, language: Language) -> Embedder:
        """The embedder, behind ledger, meter and retries where it is paid for; opened once a run and language."""
        if language not in self.embedders:
            self.embedders[language] = self.new_embedder(self.embedder_config, language)
        return self.embedders[language]

    def retriever(self, name: str, language: Language) -> Retriever:
        """A new retriever of that name; one that embeds gets the embedder for that language."""
        make = load("retrievers", name)
        retriever: Retriever = make(self.embedder(language)) if make.embeds else make()
        return retriever

    def gates(self, stage: str, names: Sequence[str]) -> Sequence[Gate]:
        """New gates of those names. Raises ConfigError for one that belongs to another stage."""
        gates: list[Gate] = [load("gates", name)() for name in names]
        for gate in gates:
            if gate.stage != stage:
                raise ConfigError(
                    f"The gate {gate.name!r} belongs to {gate.stage}.", f"Move it to [{gate.stage}] gates."
                )
        return gates

    def verifiers(self, names: Sequence[str]) -> Sequence[Verifier]:
        """New verifiers of those names."""
        return [load("verifiers", name)() for name in names]

    def trainer(self, name: str) -> Trainer:
        """The trainer of that name."""
        made = load("trainers", name)
        trainer: Trainer = self.hosted_trainer(made) if isinstance(made, type) else made
        return trainer

    def hosted_trainer(self, make: Callable[..., Trainer]) -> Trainer:
        """A trainer that works on a platform. Raises ConfigError where no model is named."""
        config = self.hosted_config
        if config is None or not config.model:
            raise ConfigError("The platform's base model has no name.", "Set hosted.model in raftune.toml.")
        return make(**hosted_settings(config, self.connections))

    def trackers(self, names: Sequence[str], run: str) -> Sequence[Tracker]:
        """The trackers of those names; what they write lies below the project, in a folder for each."""
        return [load("trackers", name)(self.tracked / name, run) for name in names]

    def metrics(self, names: Sequence[str]) -> Sequence[Metric]:
        """The metrics of those names."""
        return [load("metrics", name) for name in names]

    def new_embedder(self, config: EmbedderConfig, language: Language) -> Embedder:
        """The embedder for texts in a language. Raises ConfigError where an endpoint's has no model."""
        if config.provider != "openai":
            return local_embedder(config, language)
        if not config.model:
            raise ConfigError("The embedder has no model.", "Set embedder.model in raftune.toml.")
        return self.connections.embedder(config)

    def teacher(self) -> Teacher:
        """The teacher behind ledger, limiter, meter and retries."""
        return teacher_of(self.teacher_config, self.chat(self.teacher_config))

    def judge(self) -> Judge:
        """Who checks what the teacher wrote: the teacher itself where no other model is named."""
        config = self.judge_config if self.judge_config.model else self.teacher_config
        return Judge(config.model, self.chat(config), read_ahead(config))

    def vision(self) -> Vision:
        """The model that looks at pages. Raises ConfigError where none is named."""
        config = self.vision_config
        if not config.model:
            raise ConfigError(
                "Pages are to be read by vision, but no model is named.", "Set vision.model in raftune.toml."
            )
        chat = (
            self.connections.remote(config, config.model)
            if config.provider == "openai"
            else self.connections.local(load("providers", config.provider)())
        )
        return Vision(config.model, chat, config.max_tokens, config.at_once or PICTURES_AT_ONCE)

    def chat(self, config: TeacherConfig | JudgeConfig) -> ChatModel:
        """A role's model by its provider, behind all that guards it."""
        if config.provider == "openai":
            return self.connections.remote(config, config.model)
        if config.provider == "llama_cpp":
            if config.path is None:
                raise ConfigError("The teacher has no model file.", "Name a GGUF file as its `path` in raftune.toml.")
            return self.connections.local(load("providers", "llama_cpp")(self.folder / config.path))
        return self.connections.local(load("providers", config.provider)())

    def student_name(self) -> str:
        """What trainers open: a path in the settings made absolute, any other name as it is."""
        return local_name(self.folder, self.student_config.model)

    def student(self, adapter: Path | None) -> tuple[str, ChatModel]:
        """The student, plain or with an adapter. The name tells weights apart, so the ledger never mixes them."""
        if self.hosted_config is not None:
            return self.hosted_student(self.hosted_config, adapter)
        student, config = find_student(self.student_name()), self.student_config
        name = student.fingerprint
        if adapter is not None:
            name = f"{name}+{file_digest(trained_weights(adapter))[:16]}"
        if config.engine == "served":
            return name, self.connections.served(config.served, served_name(config.served, adapter))
        return name, self.connections.local(self.student_model(student, adapter))

    def other(self, name: str) -> tuple[str, ChatModel]:
        """A model of [models] by its name there. Raises ConfigError where there is none, or it has no model."""
        config = self.other_configs.get(name)
        if config is None or not config.model:
            raise ConfigError(f"There is no model {name!r} to ask.", f"Set model under [models.{name}].")
        if config.provider == "local":
            found = find_student(local_name(self.folder, config.model))
            return found.fingerprint, self.connections.local(self.student_model(found, None))
        return f"{config.address().name} {config.model}", self.connections.served(config, config.model)

    def hosted_student(self, config: HostedConfig, adapter: Path | None) -> tuple[str, ChatModel]:
        """The platform's base model, or what it tuned."""
        model = config.model if adapter is None else tuned_at(adapter)
        return f"{config.address().name} {model}", self.connections.served(config, model)

    def student_model(self, student: Student, adapter: Path | None) -> ChatModel:
        """The bare student by engine."""
        config = self.student_config
        gguf = student.gguf if config.engine != "transformers" else None
        fitting = None if adapter is None else adapter / "adapter.gguf"
        if gguf is not None and (fitting is None or fitting.exists() or config.engine == "llama_cpp"):
            fast: ChatModel = load("providers", "llama_cpp")(
                gguf, adapter=fitting, context=config.context, slots=config.slots or 1, threads=config.threads
            )
            return fast
        if config.engine == "llama_cpp":
            raise ConfigError(f"{student.name} has no GGUF file.", "Set student.engine to transformers.")
        settings = {"context": config.context, "slots": config.slots or TOGETHER, "threads": config.threads}
        torch: ChatModel = load("providers", "transformers")(safetensors_folder(student), adapter, **settings)
        return torch

    async def release(self) -> None:
        """Closes what a stage opened."""
        await self.connections.release()
        self.embedders.clear()


def local_name(folder: Path, name: str) -> str:
    """What opens a model: a path in the settings, which counts from the project's folder, or a name as it is."""
    return str(folder / name) if (folder / name).exists() else name


def teacher_of(config: TeacherConfig, chat: ChatModel) -> Teacher:
    """A teacher that is asked as the settings say."""
    return Teacher(
        config.model,
        chat,
        config.questions_per_chunk,
        config.reasoning,
        recipe=config.recipe,
        mode=config.mode,
        style=config.style,
        kinds=config.kinds,
        at_once=read_ahead(config),
    )


def served_name(config: ServedConfig, adapter: Path | None) -> str:
    """What the endpoint calls the student, plain or with an adapter. Raises ConfigError where it has no name."""
    if adapter is None and not config.base:
        raise ConfigError("The served student has no name.", "Set student.served.base to its name at the endpoint.")
    if adapter is not None and not config.tuned:
        raise ConfigError(
            f"The tuned student is not served: its adapter lies in {adapter}.",
            "Serve it at the endpoint, set student.served.tuned to its name there, and run again.",
        )
    return config.base if adapter is None else config.tuned


def read_ahead(config: TeacherConfig | JudgeConfig) -> int:
    """Rows that a stage works on at the same time: an endpoint's limiter decides how many of them are in flight."""
    if config.provider != "openai":
        return config.at_once or AT_ONCE
    return IN_A_BATCH if config.delivery == "batch" else READ_AHEAD * (config.at_once or MOST_AT_ONCE)


def embeds(kind: Literal["splitters", "retrievers"], name: str) -> bool:
    """Whether a plug looks at the meaning of texts, and so needs an embedder."""
    return bool(load(kind, name).embeds)


def local_embedder(config: EmbedderConfig, language: Language) -> Embedder:
    """The embedder on this machine for texts in a language. Its `name` is known without loading weights.

    "auto" is wordllama for English where it is installed, else n-grams: those are better for Korean, which its
    vocabulary hardly knows.
    """
    embedder: Embedder
    if config.provider == "auto" and language == "en":
        with suppress(MissingExtra):
            embedder = load("embedders", "wordllama")()
            return embedder
    embedder = load("embedders", "wordllama")() if config.provider == "wordllama" else hashed(config)
    return embedder


def embedder_name(config: EmbedderConfig, language: Language) -> str:
    """What tells the embedder's vectors from others'."""
    if config.provider == "openai":
        return f"openai-{config.model}" + (f"-{config.dimensions}" if config.dimensions else "")
    return local_embedder(config, language).name


def hashed(config: EmbedderConfig) -> Embedder:
    """The embedder that needs no model."""
    embedder: Embedder = load("embedders", "hashed")(config.dimensions)
    return embedder
