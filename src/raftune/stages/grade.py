"""Predictions -> what a judge model says about them: claims that are supported, answers that fit the question."""

import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict

from pydantic import Field

from raftune.artifact import Artifact
from raftune.comparison import lenient_answer, says_unknown
from raftune.contexts import Contexts, system_of
from raftune.contracts import Outcome
from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.judging.grader import FAILED, GRADED, NOT_APPLICABLE, PROMPTS, Graded, Grader
from raftune.judging.planted import PlantedCheck, check_judge
from raftune.judging.told import JUDGED
from raftune.prompts.raft import default_prompt, final_answer, quotes_in, without_marks
from raftune.records import Example, Language, Prediction, Score
from raftune.stage import Judge, StageConfig, Tools, rows_by_id, stage
from raftune.teaching.recipes import BUILT_IN

log = logging.getLogger(__name__)


class GradeConfig(StageConfig):
    """What a judge is asked about the replies; the judge is the model under [judge], or else the teacher."""

    metrics: tuple[str, ...] = ()
    """faithfulness, answer_relevancy, answer_similarity, answer_correctness; empty: no judge is asked, nothing is paid.
    All four take four requests an answer and one a reference."""
    planted: bool = Field(default=True)
    """Whether the judge is tried first on answers with a known grade; what came of it stands in the report."""


@stage(version=2, row_type=Score, roles=("grader",), prompts=PROMPTS)
async def grade(
    tools: Tools, config: GradeConfig, predictions: Artifact[Prediction], examples: Artifact[Example]
) -> AsyncIterator[Score]:
    """Scores in the order of the predictions, and judged.json: who judged, what the planted answers got, requests made.

    Raises ConfigError for a metric there is not, or where the built-in teacher would have to judge.
    """
    if unknown := sorted(set(config.metrics) - set(GRADED)):
        raise ConfigError(f"There is no graded metric {unknown[0]!r}.", f"Choose among: {', '.join(GRADED)}.")
    if not config.metrics:
        return
    asked = rows_by_id(examples)
    judge = tools.plugs.judge()
    if judge.model == BUILT_IN:
        raise ConfigError("The built-in teacher cannot judge.", "Name a model under [judge], or empty grade.metrics.")
    shown = Shown(asked.values(), tools.seed)
    graders: dict[Language, Grader] = {}
    for language in sorted({asked[row.example].language for row in predictions}):
        graders[language] = Grader(judge, tools.plugs.embedder(language), config.metrics)
    cases = {row.id: shown.graded(asked[row.example], row) for row in predictions}
    checks = await planted_checks(config, graders, list(cases.values()), tools.seed)
    before = sum(grader.calls for grader in graders.values())

    async def work(row: Prediction) -> dict[str, Outcome]:
        case = cases[row.id]
        if case is None:
            return dict.fromkeys(config.metrics, NOT_APPLICABLE)
        if row.finish_reason == "failed":
            return dict.fromkeys(config.metrics, FAILED)
        return await graders[case.language].grade(case)

    async for row, outcomes in tools.each(predictions, work, judge.at_once, len(predictions)):
        for metric, found in outcomes.items():
            fields = {"metric": metric, "value": found.value, "state": found.state}
            yield Score(example=row.example, system=row.system, group=asked[row.example].group, **fields)
    facts = told(judge, tools.plugs.teacher().model, checks, list(graders.values()))
    facts |= {"requests": facts["requests"] - before, "answers": sum(case is not None for case in cases.values())}
    (tools.draft.files / JUDGED).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def told(
    judge: Judge, teacher: str, checks: dict[Language, list[PlantedCheck]], graders: Sequence[Grader]
) -> dict[str, Json]:
    """What judged.json says of the judge."""
    return {
        "judge": judge.model,
        "is_teacher": judge.model == teacher,
        "planted": {language: [asdict(check) for check in some] for language, some in checks.items()},
        "requests": sum(grader.calls for grader in graders),
        "unusable": dict(sum((Counter(grader.faults) for grader in graders), Counter())),
    }


class Shown:
    """Replies with what their systems were shown, ready to be graded."""

    def __init__(self, examples: Iterable[Example], seed: int) -> None:
        by_split: dict[str, list[Example]] = {}
        for example in examples:
            by_split.setdefault(example.split, []).append(example)
        self.contexts = {split: Contexts(rows, seed) for split, rows in by_split.items()}
        self.prompt = default_prompt()

    def graded(self, example: Example, row: Prediction) -> Graded | None:
        """None where the right behaviour is to abstain, which other metrics judge, or nothing was asked."""
        seen = self.contexts[example.split].shown(example, system_of(row.system).context, row.retrieved)
        if seen is None or seen.behaviour == "abstain":
            return None
        answer = lenient_answer(final_answer(row.reply), without_marks(row.reply), quotes_in(row.reply))
        return Graded(
            question=example.text,
            answer=answer,
            reference=example.reference,
            documents=tuple(document.text for document in seen.documents),
            language=example.language,
            abstains=self.prompt.is_abstention(answer) or says_unknown(answer),
        )


async def planted_checks(
    config: GradeConfig, graders: dict[Language, Grader], cases: Sequence[Graded | None], seed: int
) -> dict[Language, list[PlantedCheck]]:
    """What each language's judge gives planted answers, where they are wanted; says what it got wrong."""
    if not config.planted or "answer_correctness" not in config.metrics:
        return {}
    checks: dict[Language, list[PlantedCheck]] = {}
    for language, grader in graders.items():
        own = {case.question: case for case in cases if case is not None and case.language == language}
        checks[language] = await check_judge(grader, list(own.values()), seed)
        if wrong := sum(not check.right for check in checks[language]):
            log.warning("The judge was wrong on %d of %d planted answers.", wrong, len(checks[language]))
    return checks
