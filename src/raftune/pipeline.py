"""The whole method on one screen: each local variable is what one stage makes.

Documents become passages, passages questions, questions answers; a model checks and people approve them; answers and
distractors become examples; a student is trained on them, asked beside its base, scored, and reported on.
"""

from typing import Any, ParamSpec, Protocol, TypeVar

from raftune.artifact import Artifact, in_memory
from raftune.records import Chunk, Decision, Label, Record, Source, TrainedModel
from raftune.report_records import Report
from raftune.stage import Stage, StageConfig
from raftune.stages.answer import AnswerConfig, answer
from raftune.stages.ask import AskConfig, ask
from raftune.stages.assemble import AssembleConfig, assemble
from raftune.stages.chunk import ChunkConfig, chunk
from raftune.stages.describe import DescribeConfig, describe
from raftune.stages.dsf import dsf
from raftune.stages.estimate import estimate
from raftune.stages.evaluate import EvaluateConfig, evaluate
from raftune.stages.grade import GradeConfig, grade
from raftune.stages.ingest import IngestConfig, ingest
from raftune.stages.predict import PredictConfig, predict
from raftune.stages.report import ReportConfig, report
from raftune.stages.review import ReviewConfig, review
from raftune.stages.train import train
from raftune.stages.verify import VerifyConfig, verify
from raftune.training.config import TrainingConfig

C = TypeVar("C", bound=StageConfig)
P = ParamSpec("P")
R = TypeVar("R", bound=Record)

STAGES = (
    ingest,
    chunk,
    ask,
    answer,
    verify,
    review,
    assemble,
    describe,
    estimate,
    train,
    dsf,
    predict,
    evaluate,
    grade,
    report,
)


class StageSettings(StageConfig):
    """One section of raftune.toml for each stage."""

    ingest: IngestConfig = IngestConfig()
    chunk: ChunkConfig = ChunkConfig()
    ask: AskConfig = AskConfig()
    answer: AnswerConfig = AnswerConfig()
    verify: VerifyConfig = VerifyConfig()
    review: ReviewConfig = ReviewConfig()
    assemble: AssembleConfig = AssembleConfig()
    describe: DescribeConfig = DescribeConfig()
    train: TrainingConfig = TrainingConfig()
    predict: PredictConfig = PredictConfig()
    evaluate: EvaluateConfig = EvaluateConfig()
    grade: GradeConfig = GradeConfig()
    report: ReportConfig = ReportConfig()

    @property
    def stages(self) -> tuple[Stage[Any, Any, Any], ...]:
        """The stages that a run has with these settings."""
        return tuple(stage for stage in STAGES if stage.name != dsf.name or self.predict.asks("dsf"))


class Run(Protocol):
    """What calls a stage: a runner makes its artifact, a planner only looks whether it is stored."""

    async def __call__(self, stage: Stage[C, P, R], config: C, /, *inputs: P.args, **named: P.kwargs) -> Artifact[R]:
        """The artifact of a stage for a config and inputs."""


async def pipeline(
    run: Run,
    settings: StageSettings,
    sources: Artifact[Source],
    decisions: Artifact[Decision],
    labels: Artifact[Label],
) -> Artifact[Report]:
    """From source files, people's decisions and their labels of answers to a report."""
    documents = await run(ingest, settings.ingest, sources)
    chunks = await run(chunk, settings.chunk, documents)
    questions = await run(ask, settings.ask, chunks)
    answers = await run(answer, settings.answer, questions, chunks)
    verified = await run(verify, settings.verify, answers, chunks)
    approved = await run(review, settings.review, verified, decisions, chunks)
    examples = await run(assemble, settings.assemble, approved, chunks)
    description = await run(
        describe, settings.describe, documents, chunks, questions, answers, verified, approved, examples
    )
    quote = await run(estimate, settings.train, examples)
    model = await run(train, settings.train, examples, quote)
    by_heart = in_memory("dsf", TrainedModel, ())
    if settings.predict.asks("dsf"):
        by_heart = await run(dsf, settings.train, examples)
    library = chunks if settings.predict.retrieves else in_memory("chunk", Chunk, ())
    predictions = await run(predict, settings.predict, examples, model, by_heart, library)
    scores = await run(evaluate, settings.evaluate, predictions, examples)
    grades = await run(grade, settings.grade, predictions, examples)
    return await run(report, settings.report, scores, grades, predictions, examples, quote, model, description, labels)
