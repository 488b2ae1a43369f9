"""A project is a folder with a raftune.toml: its settings, documents, decisions, ledger and store."""

import difflib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import Field, ValidationError

from raftune.contexts import MODEL, systems_of
from raftune.errors import ConfigError
from raftune.pipeline import StageSettings
from raftune.retrieve_config import RetrieveConfig
from raftune.roles import (
    EmbedderConfig,
    HostedConfig,
    JudgeConfig,
    OtherModelConfig,
    StudentConfig,
    TeacherConfig,
    VisionConfig,
)
from raftune.serve_config import ServeConfig
from raftune.ui_config import UiConfig

CONFIG_NAME = "raftune.toml"


class Settings(StageSettings):
    """raftune.toml."""

    name: str = "raftune"
    """The project's name, shown in the report."""
    documents: str = "documents"
    """The folder of source files, relative to raftune.toml."""
    recorded: str | None = None
    """A file of recorded replies (JSON lines) that the ledger takes over when it does not know them."""
    seed: int = 0
    """Everything random follows from it."""
    max_cost: float | None = None
    """Stop before more than this many dollars are spent in one run."""
    licences: dict[str, str] = Field(default_factory=dict)
    """What each source may be used for, by file or pattern ("*.pdf" = "CC BY 4.0"): said in the card of an export."""
    teacher: TeacherConfig = TeacherConfig()
    judge: JudgeConfig = JudgeConfig()
    vision: VisionConfig = VisionConfig()
    embedder: EmbedderConfig = EmbedderConfig()
    student: StudentConfig = StudentConfig()
    hosted: HostedConfig = HostedConfig()
    models: dict[str, OtherModelConfig] = Field(default_factory=dict)
    """Other models to compare with, a section [models.NAME] for each: a system of [predict] by that name."""

    @property
    def platform(self) -> HostedConfig | None:
        """The platform that tunes; None where this machine does."""
        return self.hosted if self.train.trainer == "openai" else None

    retrieve: RetrieveConfig = RetrieveConfig()
    serve: ServeConfig = ServeConfig()
    ui: UiConfig = UiConfig()


def load_settings(folder: Path, changes: Sequence[str] = ()) -> Settings:
    """The settings of a project folder, with changes like "assemble.distractors=3" (values as in TOML) applied.

    Raises ConfigError that names the file, the key, and the nearest key there is.
    """
    path = folder / CONFIG_NAME
    if not path.exists():
        raise ConfigError(f"There is no {CONFIG_NAME} in {folder.resolve()}.", "Run `raftune init` there first.")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    return settings_from(values, changes)


def settings_from(values: dict[str, Any], changes: Sequence[str] = ()) -> Settings:
    """The settings of a TOML file's values, with changes as in `load_settings`. Raises ConfigError."""
    for change in changes:
        apply_change(values, change)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(*explain(error)) from error
    check_systems(settings)
    return settings


def check_systems(settings: Settings) -> None:
    """Raises ConfigError for a system whose model there is not, since it would be asked only after training, and for a
    model whose name no system can have.
    """
    own = ["base", "tuned", "dsf"]
    for name in settings.models:
        if name in own or not MODEL.fullmatch(name):
            raise ConfigError(
                f"{CONFIG_NAME}: a model of [models] cannot be called {name!r}.",
                "Take small letters, digits, dots and dashes, and none of base, tuned and dsf.",
            )
    known = [*own, *settings.models]
    for system in systems_of(settings.predict.systems):
        if system.model not in known:
            near = difflib.get_close_matches(system.model, known, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}?" if near else f"Name it under [models.{system.model}]."
            raise ConfigError(f"{CONFIG_NAME}: predict.systems asks a model {system.model!r} that there is not.", hint)


def apply_change(values: dict[str, Any], change: str) -> None:
    """Sets one value, "section.key=value"; a value that is no TOML is taken as text. Raises ConfigError."""
    name, separator, text = change.partition("=")
    if not separator:
        raise ConfigError(
            f"{change!r} is not of the form section.key=value.", "Write for example --set assemble.distractors=3."
        )
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    *sections, key = name.strip().split(".")
    for section in sections:
        values = values.setdefault(section, {})
    values[key] = value


def explain(error: ValidationError) -> tuple[str, str]:
    """One sentence and one advice for the first thing that is wrong with the settings."""
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    name = ".".join(place)
    if first["type"] != "extra_forbidden":
        return f"{CONFIG_NAME}: {name}: {first['msg'].lower()} (it is {first['input']!r}).", "Correct that value."
    near = difflib.get_close_matches(place[-1], known_keys(place[:-1]), n=1, cutoff=0.5)
    hint = f"Did you mean {'.'.join([*place[:-1], near[0]])}?" if near else "Remove it."
    return f"{CONFIG_NAME}: there is no setting {name}.", hint


def known_keys(sections: Sequence[str]) -> list[str]:
    """The keys of a section of the settings."""
    model: Any = Settings
    for section in sections:
        # Below a table of models there is one by any name.
        model = model.model_fields[section].annotation if hasattr(model, "model_fields") else get_args(model)[1]
    return list(model.model_fields)
