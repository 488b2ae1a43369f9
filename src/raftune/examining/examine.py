"""All that `raftune doctor` looks at, roles side by side."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from raftune.api import Project, open_project
from raftune.connections import price_for
from raftune.costs import Usage, cost
from raftune.endpoints.keys import Keys
from raftune.errors import ConfigError, RaftuneError
from raftune.examining.check import Check, of_error
from raftune.examining.endpoints import examined
from raftune.examining.folder import PROJECT, folder_checks
from raftune.examining.machine import machine, parts
from raftune.examining.room import Need, needs_of
from raftune.examining.subjects import Subject, addressed, others, subjects
from raftune.examining.trying import Spent
from raftune.project import CONFIG_NAME


@dataclass
class Examination:
    """What was found, and what the requests to endpoints took; `dollars` is None where a price is not known."""

    checks: list[Check] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    dollars: float | None = 0.0

    def add(self, subject: Subject, found: list[Check], spent: Spent, folder: Path) -> None:
        """Takes in what was found about a model."""
        self.checks += found
        self.spent.requests += spent.requests
        self.spent.prompt_tokens += spent.prompt_tokens
        self.spent.completion_tokens += spent.completion_tokens
        dollars = dollars_for(subject, spent, folder)
        self.dollars = None if dollars is None or self.dollars is None else self.dollars + dollars


def dollars_for(subject: Subject, spent: Spent, folder: Path) -> float | None:
    """What requests cost, or None where that is not known."""
    if not spent.requests:
        return 0.0
    try:
        price = price_for(subject.config, subject.model, folder)
    except ConfigError:  # the project's own list of prices is none
        return None
    return cost(Usage(spent.requests, spent.prompt_tokens, spent.completion_tokens), price)


def examine(folder: Path, *, offline: bool = False) -> Examination:
    """The machine, the project in a folder if there is one, and its roles; with `offline` no endpoint is asked."""
    found = Examination([*machine(folder), *parts()])
    if not (folder / CONFIG_NAME).exists():
        found.checks.append(Check(PROJECT, "settings", "skipped", "no project here", "`raftune init` makes one."))
        return found
    try:
        project = open_project(folder)
    except ConfigError as error:
        found.checks.append(of_error(PROJECT, "settings", error))
        return found
    found.checks += [*folder_checks(project), *others(project.settings, project.folder)]
    asyncio.run(roles(project, found, offline=offline))
    return found


async def roles(project: Project, found: Examination, *, offline: bool) -> None:
    """Looks at all endpoints side by side; what was found keeps the order of the settings."""
    keys, needs = Keys(project.folder), needed(project, found)
    able: list[Subject] = []
    for subject in subjects(project.settings):
        if fault := addressed(subject):
            found.checks.append(fault)
        elif offline:
            found.checks.append(Check(subject.name, "endpoint", "skipped", "not asked: --offline"))
        elif subject.model:
            able.append(subject)
    spent = [Spent() for _ in able]
    results = await asyncio.gather(
        *(examined(subject, keys, needs, taken) for subject, taken in zip(able, spent, strict=True))
    )
    for subject, result, taken in zip(able, results, spent, strict=True):
        found.add(subject, result, taken, project.folder)


def needed(project: Project, found: Examination) -> list[Need]:
    """The room that requests need; settings that do not let it be told are a check of their own."""
    try:
        return needs_of(project)
    except RaftuneError as error:
        found.checks.append(of_error(PROJECT, "requests", error))
        return []
