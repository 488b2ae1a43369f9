"""Who is to be asked: each model at an endpoint once, whatever roles it has; and roles that need no endpoint."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from raftune.errors import ConfigError, RaftuneError
from raftune.examining.check import Check, of_error
from raftune.project import Settings
from raftune.roles import EndpointConfig, JudgeConfig, TeacherConfig

Kind = Literal["chat", "vision", "embeddings"]


@dataclass(frozen=True)
class Subject:
    """A model at an endpoint, and the roles it has."""

    roles: tuple[str, ...]
    kind: Kind
    config: EndpointConfig
    model: str

    @property
    def name(self) -> str:
        """Its roles in words."""
        return ", ".join(self.roles)

    def same(self, other: "Subject") -> bool:
        """Whether it is the same model, reached and asked in the same way."""
        return (self.kind, self.model, reached(self.config)) == (other.kind, other.model, reached(other.config))


def reached(config: EndpointConfig) -> tuple[object, ...]:
    """What decides how an endpoint is reached."""
    return config.base_url, config.key_variable, config.credential, config.header_variables, config.stream


def subjects(settings: Settings) -> list[Subject]:
    """All models at endpoints, equal ones once."""
    found: list[Subject] = []
    for one in each(settings):
        place = next((number for number, other in enumerate(found) if other.same(one)), None)
        if place is None:
            found.append(one)
        else:
            found[place] = replace(found[place], roles=(*found[place].roles, *one.roles))
    return found


def each(settings: Settings) -> Iterator[Subject]:
    """The roles that an endpoint has."""
    if settings.teacher.provider == "openai":
        yield Subject(("teacher",), "chat", settings.teacher, settings.teacher.model)
    if settings.judge.model and settings.judge.provider == "openai":
        yield Subject(("judge",), "chat", settings.judge, settings.judge.model)
    if settings.vision.model and settings.vision.provider == "openai":
        yield Subject(("vision",), "vision", settings.vision, settings.vision.model)
    if settings.embedder.provider == "openai":
        yield Subject(("embedder",), "embeddings", settings.embedder, settings.embedder.model)
    if settings.student.engine == "served":
        served = settings.student.served
        names = {"student": served.base, "tuned student": served.tuned}
        yield from (Subject((role,), "chat", served, name) for role, name in names.items() if name)


def others(settings: Settings, folder: Path) -> Iterator[Check]:
    """What there is to say about roles without an endpoint, and about endpoints' roles that cannot be tried."""
    for role, config in (("teacher", settings.teacher), ("judge", settings.judge)):
        if config.provider != "openai" and (config.model or role == "teacher"):
            yield elsewhere(role, config, settings, folder)
    if settings.embedder.provider == "openai" and not settings.embedder.model:
        yield nameless("embedder", "embedder.model")
    if settings.student.engine == "served" and not settings.student.served.base:
        yield nameless("student", "student.served.base")


def elsewhere(role: str, config: TeacherConfig | JudgeConfig, settings: Settings, folder: Path) -> Check:
    """A model on this machine: the file that it needs."""
    if config.provider == "extractive":
        return Check(role, "provider", "ok", "extractive: rules on this machine, nothing to reach")
    named = settings.recorded if config.provider == "recorded" else config.path
    setting = "recorded" if config.provider == "recorded" else f"{role}.path"
    if named is None and config.provider == "recorded":
        return Check(role, "provider", "ok", "recorded: only replies that are in the ledger")
    if named is None or not (folder / named).is_file():
        words = "no file is named" if named is None else f"there is no {named}"
        advice = f"Correct `{setting}` in raftune.toml."
        return Check(role, "provider", "fail", f"{config.provider}: {words}", advice, ConfigError.exit_code)
    return Check(role, "provider", "ok", f"{config.provider}: {named}, {(folder / named).stat().st_size / 1e6:,.1f} MB")


def nameless(role: str, setting: str) -> Check:
    """A role whose model has no name."""
    return Check(role, "model", "fail", "has no model", f"Set {setting} in raftune.toml.", ConfigError.exit_code)


def addressed(subject: Subject) -> Check | None:
    """What is wrong with the settings of an endpoint, or None."""
    try:
        subject.config.address()
    except RaftuneError as error:
        return of_error(subject.name, "address", error)
    return None
