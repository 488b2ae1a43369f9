"""Opens plugs by name: a folder is the registry, a file in it is a plug. Assembles models with their wrappers."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from raftune.contracts import ChatModel, Embedder, Gate, Metric, Retriever, SplitOptions, Splitter, Trainer, Verifier
from raftune.costs import Price, price_of
from raftune.digest import file_digest
from raftune.errors import ConfigError, MissingExtra
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.tokens import characters, tokens_of
from raftune.reading.cache import read_cached
from raftune.reading.rendering import render_isolated
from raftune.readings import Limits, Opened, PageReading, ReadOptions
from raftune.records import Language, Source
from raftune.registry import load
from raftune.roles import EmbedderConfig, StudentConfig, TeacherConfig, VisionConfig
from raftune.stage import Judge, Teacher, Vision
from raftune.wrappers.cached import CachedModel
from raftune.wrappers.metered import MeteredModel
from raftune.wrappers.paid_embedder import PaidEmbedder
from raftune.wrappers.retried import RetriedModel

FREE = Price(input=0.0, output=0.0)


@dataclass
class InstalledPlugs:
    """The plugs of one project. Paths in the settings count from `folder`."""

    folder: Path
    documents: Path
    cache: Path
    seed: int
    teacher_config: TeacherConfig
    vision_config: VisionConfig
    student_config: StudentConfig
    ledger: Ledger
    meter: Meter
    fresh: frozenset[str] = frozenset()
    refresh: bool = False
    embedder_config: EmbedderConfig = field(default_factory=EmbedderConfig)
    opened: list[Any] = field(default_factory=list)
    embedders: dict[Language, Embedder] = field(default_factory=dict)

    def prepare(self, stage: str) -> None:
        """A stage starts: where it was asked to run afresh, replies in the ledger are asked for again."""
        self.refresh = stage in self.fresh

    def read(self, source: Source, options: ReadOptions, limits: Limits) -> AsyncGenerator[Opened | PageReading, None]:
        """A source file's documents and pages, read in a child process with limits, or as they were read before."""
        return read_cached(self.documents, source, options, limits, self.cache, refresh=self.refresh)

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
            config = self.embedder_config
            embedder = bare_embedder(config, language)
            if config.provider == "openai":
                self.opened.append(embedder)
                embedder = PaidEmbedder(embedder, self.ledger, self.meter, price_for(config), refresh=self.refresh)
            self.embedders[language] = embedder
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
        trainer: Trainer = load("trainers", name)
        return trainer

    def metrics(self, names: Sequence[str]) -> Sequence[Metric]:
        """The metrics of those names."""
        return [load("metrics", name) for name in names]

    def teacher(self) -> Teacher:
        """The teacher behind ledger, meter and retries."""
        config = self.teacher_config
        chat = self.remembered(self.opening(self.teacher_model()), self.teacher_price())
        return Teacher(
            config.model,
            chat,
            config.questions_per_chunk,
            config.reasoning,
            recipe=config.recipe,
            mode=config.mode,
            style=config.style,
            kinds=config.kinds,
        )

    def teacher_price(self) -> Price | None:
        """What the teacher costs: the project's own prices, else the listed one; nothing where no endpoint is asked."""
        return price_for(self.teacher_config)

    def teacher_model(self) -> ChatModel:
        """The bare teacher by provider."""
        config = self.teacher_config
        if config.provider == "openai":
            model: ChatModel = load("providers", "openai")(config.base_url, config.key_variable)
            return model
        if config.provider == "llama_cpp":
            if config.path is None:
                raise ConfigError("The teacher has no model file.", "Name a GGUF file as teacher.path in raftune.toml.")
            local: ChatModel = load("providers", "llama_cpp")(self.folder / config.path)
            return local
        rule: ChatModel = load("providers", config.provider)()
        return rule

    def judge(self) -> Judge:
        """Who checks what the teacher wrote."""
        teacher = self.teacher()
        return Judge(teacher.model, teacher.chat)

    def vision(self) -> Vision:
        """The model that looks at pages, behind ledger, meter and retries. Raises ConfigError where none is named."""
        config = self.vision_config
        if not config.model:
            raise ConfigError(
                "Pages are to be read by vision, but no model is named.", "Set vision.model in raftune.toml."
            )
        if config.provider == "openai":
            model: ChatModel = load("providers", "openai")(config.base_url, config.key_variable, config.seconds)
        else:
            model = load("providers", config.provider)()
        chat = self.remembered(self.opening(model), price_for(config))
        return Vision(config.model, chat, config.max_tokens, config.at_once)

    def student_name(self) -> str:
        """What trainers open: a path in the settings made absolute, any other name as it is."""
        name = self.student_config.model
        return str(self.folder / name) if (self.folder / name).exists() else name

    def student(self, adapter: Path | None) -> tuple[str, ChatModel]:
        """The student, plain or with an adapter. The name tells weights apart, so the ledger never mixes them."""
        student = find_student(self.student_name())
        name = student.fingerprint
        if adapter is not None:
            name = f"{name}+{file_digest(adapter / 'adapter_model.safetensors')[:16]}"
        return name, self.remembered(self.opening(self.student_model(student, adapter)), FREE)

    def student_model(self, student: Student, adapter: Path | None) -> ChatModel:
        """The bare student by engine."""
        config = self.student_config
        gguf = student.gguf if config.engine != "transformers" else None
        if gguf is not None:
            fitting = None if adapter is None else adapter / "adapter.gguf"
            fast: ChatModel = load("providers", "llama_cpp")(
                gguf, adapter=fitting, context=config.context, slots=config.slots, threads=config.threads
            )
            return fast
        if config.engine == "llama_cpp":
            raise ConfigError(f"{student.name} has no GGUF file.", "Set student.engine to transformers.")
        plain: ChatModel = load("providers", "transformers")(safetensors_folder(student), adapter)
        return plain

    def opening(self, model: ChatModel) -> ChatModel:
        """Notes a model, so that `release` closes it."""
        self.opened.append(model)
        return model

    def remembered(self, model: ChatModel, price: Price | None) -> ChatModel:
        """A model behind ledger, retries and meter; the meter is innermost, so a retried reply is counted too."""
        return CachedModel(RetriedModel(MeteredModel(model, self.meter, price)), self.ledger, refresh=self.refresh)

    async def release(self) -> None:
        """Closes the models a stage opened: an idle local model must not share the cores with the next stage."""
        for model in self.opened:
            if close := getattr(model, "close", None):
                close()
        self.opened.clear()
        self.embedders.clear()


def price_for(config: TeacherConfig | VisionConfig | EmbedderConfig) -> Price | None:
    """What a model costs: the project's own prices, else the listed one; nothing where no endpoint is asked."""
    if config.input_price is not None and config.output_price is not None:
        return Price(input=config.input_price, output=config.output_price)
    return price_of(config.model) if config.provider == "openai" else FREE


def embeds(kind: Literal["splitters", "retrievers"], name: str) -> bool:
    """Whether a plug looks at the meaning of texts, and so needs an embedder."""
    return bool(load(kind, name).embeds)


def bare_embedder(config: EmbedderConfig, language: Language) -> Any:
    """The embedder for texts in a language. Its `name` is known without loading weights. Raises ConfigError.

    "auto" is wordllama for English where it is installed, else n-grams: those are better for Korean, which its
    vocabulary hardly knows.
    """
    if config.provider == "openai":
        if not config.model:
            raise ConfigError("The embedder has no model.", "Set embedder.model in raftune.toml.")
        return load("embedders", "openai")(config.base_url, config.key_variable, config.model, config.dimensions)
    if config.provider == "auto" and language == "en":
        with suppress(MissingExtra):
            return load("embedders", "wordllama")()
    if config.provider == "wordllama":
        return load("embedders", "wordllama")()
    return load("embedders", "hashed")(config.dimensions)
