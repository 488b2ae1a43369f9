"""A project's grades beside those of RAGAS: the same answers, documents, judge and embedder."""

from collections.abc import Sequence
from dataclasses import dataclass

from raftune.api import Project, opened_ledger, plugs_of, stored
from raftune.blocking import wait_for
from raftune.contracts import Outcome, Progress
from raftune.digest import digest
from raftune.errors import ConfigError
from raftune.judging.agreement import Agreement, Pair, agreements, paired
from raftune.judging.grader import Graded
from raftune.judging.ragas_process import Ragas, score_by_ragas
from raftune.judging.told import judged_by
from raftune.meter import Meter
from raftune.plugins import InstalledPlugs
from raftune.records import Example, Prediction, Score
from raftune.runner import only_writer
from raftune.stages.grade import Shown

STAGE = "crosscheck"
ADVICE = "Name metrics in grade.metrics and run `raftune run` first."


@dataclass(frozen=True)
class Checked:
    """Whose grades were compared with which RAGAS, over how many answers, and what came of it."""

    judge: str
    version: str
    answers: int
    requests: int
    meter: Meter
    pairs: tuple[Pair, ...]

    @property
    def agreements(self) -> list[Agreement]:
        """An agreement for each metric."""
        return agreements(self.pairs)


def crosscheck(project: Project, python: str, answers: int, progress: Progress = lambda *_: None) -> Checked:
    """Asks the ragas of the interpreter `python` about at most so many of the latest graded answers, by the same judge.

    Raises ConfigError before answers are graded, where another judge is named since, or without ragas; ProviderError
    and OverBudget by the judge.
    """
    cases, ours = graded_answers(project, answers)
    metrics = list(dict.fromkeys(metric for outcomes in ours for metric in outcomes))
    with only_writer(project.state / "lock"), opened_ledger(project) as ledger:
        meter = Meter(project.settings.max_cost)
        found = wait_for(asked(plugs_of(project, ledger, meter), python, cases, metrics, progress))
    judge = str(judged_by(stored(project, "grade"))["judge"])  # type: ignore[arg-type]
    pairs = tuple(paired(cases, ours, found.outcomes))
    return Checked(judge, found.version, len(cases), found.requests, meter, pairs)


async def asked(
    plugs: InstalledPlugs, python: str, cases: Sequence[Graded], metrics: Sequence[str], progress: Progress
) -> Ragas:
    """RAGAS's values, by the project's judge and embedders; what was opened is closed again."""
    plugs.prepare(STAGE)
    try:
        embedders = {language: plugs.embedder(language) for language in sorted({case.language for case in cases})}
        return await score_by_ragas(python, cases, metrics, plugs.judge(), embedders, progress)
    finally:
        await plugs.release()


def graded_answers(project: Project, most: int) -> tuple[list[Graded], list[dict[str, Outcome]]]:
    """Answers and their grades; where there are more than `most`, a choice that is always the same.

    Raises ConfigError where nothing is graded, or by another judge than the one that is named now.
    """
    grades = stored(project, "grade")
    ours: dict[tuple[str, str], dict[str, Outcome]] = {}
    for row in grades:
        if isinstance(row, Score):
            ours.setdefault((row.example, row.system), {})[row.metric] = Outcome(row.value, row.state)
    if not ours:
        raise ConfigError("No answer is graded yet.", ADVICE)
    judge, settings = str(judged_by(grades)["judge"]), project.settings  # type: ignore[arg-type]
    if (named := settings.judge.model or settings.teacher.model) != judge:
        raise ConfigError(f"The grades are by {judge}, but {named} is named now.", "Run `raftune run` first.")
    examples = {row.id: row for row in stored(project, "assemble") if isinstance(row, Example)}
    shown = Shown(examples.values(), settings.seed)
    chosen: list[tuple[Graded, dict[str, Outcome]]] = []
    for row in sorted(stored(project, "predict"), key=lambda row: digest([settings.seed, STAGE, row.id])):
        if isinstance(row, Prediction) and row.finish_reason != "failed" and (row.example, row.system) in ours:
            case = shown.graded(examples[row.example], row)
            if case is not None and len(chosen) < most:
                chosen.append((case, ours[row.example, row.system]))
    return [case for case, _ in chosen], [outcomes for _, outcomes in chosen]
