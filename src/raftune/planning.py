"""What the stages that pay will cost before they are run: by the rows that are stored, the ledger and the prices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from raftune.api import Project, stored
from raftune.artifact import Artifact
from raftune.blocking import wait_for
from raftune.connections import price_for
from raftune.contexts import systems_of
from raftune.costs import hosting_dollars, price_of, training_dollars
from raftune.digest import Json
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ConfigError
from raftune.estimating.estimate import Estimate, Pace, Terms, estimated
from raftune.estimating.pages import embedding, looking
from raftune.estimating.replies import habit_of
from raftune.estimating.requests import answering, asking, by_chunk, likely_answers, likely_questions, verifying
from raftune.estimating.sampling import evenly
from raftune.estimating.tuning import tuning_tokens
from raftune.judging.foreseen import foreseen, foreseen_planted
from raftune.ledger import Ledger
from raftune.plugins import embeds, teacher_of
from raftune.prompts import prompt_text
from raftune.prompts.raft import default_prompt
from raftune.providers import recorded
from raftune.records import Answer, Chunk, Document, Example, Prediction, Question
from raftune.registry import load
from raftune.roles import EmbedderConfig, EndpointConfig, JudgeConfig, OtherModelConfig, TeacherConfig, VisionConfig
from raftune.runner import Foresee, StagePlan
from raftune.stage import Teacher
from raftune.stages.grade import Shown
from raftune.stages.predict import request_for
from raftune.tokenizing import counter_for

Role = TeacherConfig | JudgeConfig | VisionConfig | EmbedderConfig
PAYING = ("ingest", "chunk", "ask", "answer", "verify", "predict", "grade")


@dataclass
class Foresight:
    """Estimates what stages of a project will take, by the `artifacts` of earlier ones."""

    project: Project
    artifacts: Mapping[str, Artifact[Any]]
    ledger: Ledger | None
    memory: EndpointMemory
    _rows: dict[str, list[Any]] = field(default_factory=dict)

    def estimates(self, plans: Sequence[StagePlan]) -> dict[str, Estimate | None]:
        """What each stage that would run and ask an endpoint will take; None where an earlier one has to run first."""
        running = [plan.stage for plan in plans if plan.status != "stored"]
        return {name: self.estimate(name) for name in PAYING if name in running and self.asks(name)}

    def asks(self, stage: str) -> bool:
        """Whether a stage asks an endpoint for replies that cost something."""
        settings = self.project.settings
        wanted = {
            "ingest": settings.ingest.looks,
            "chunk": embeds("splitters", settings.chunk.splitter),
            "verify": bool(settings.verify.verifiers),
            "grade": bool(settings.grade.metrics),
        }
        if stage == "predict":
            return bool(self.paid_models)
        return wanted.get(stage, True) and self.role(stage).provider == "openai"

    @property
    def paid_models(self) -> dict[str, OtherModelConfig]:
        """The models of [models] at endpoints that a system of [predict] asks."""
        settings = self.project.settings
        asked = ((name, one) for name, one in settings.models.items() if settings.predict.asks(name))
        return {name: one for name, one in asked if one.provider == "openai"}

    def estimate(self, stage: str) -> Estimate | None:
        """What a stage will take, or None before the documents, for most stages the passages, are stored."""
        if stage in ("ingest", "chunk"):
            return self.reading(stage)
        if stage == "predict":
            return self.predicting()
        if stage == "grade":
            return self.grading()
        chunks = self.rows("chunk")
        if chunks is None:
            return None
        sample = evenly(chunks)
        share = len(sample) / max(1, len(chunks))
        if stage == "verify":
            verifiers = [load("verifiers", name)() for name in self.project.settings.verify.verifiers]
            requests = verifying(sample, self.answers(sample), verifiers, self.role("verify").model)
        elif stage == "ask":
            requests = asking(sample, self.manner)
        elif self.manner.mode == "combined":
            return Estimate(by="answered together with ask")
        else:
            requests = answering(sample, self.questions(sample), self.manner)
        return estimated(list(requests), share, self.terms(stage), self.ledger)

    def reading(self, stage: str) -> Estimate | None:
        """What looking at pages, or embedding their sentences, will take, by the documents that were read last."""
        try:
            documents = [row for row in stored(self.project, "ingest") if isinstance(row, Document)]
        except ConfigError:
            return None
        terms = self.terms(stage)
        if stage == "chunk":
            return embedding(documents, terms.count, terms)
        prompt = prompt_text("read_page", documents[0].language if documents else "en")
        return looking(documents, prompt, self.project.settings.vision.max_tokens, terms)

    def predicting(self) -> Estimate | None:
        """What replies of other models will take, as if each system were shown the examples' own documents."""
        examples, config = self.rows("assemble"), self.project.settings.predict
        if examples is None:
            return None
        asked = [row for row in examples if row.split == config.split]
        total = Estimate()
        for name, model in self.paid_models.items():
            times = sum(system.model == name for system in systems_of(config.systems))
            named, seed = f"{model.address().name} {model.model}", self.project.settings.seed
            requests = [request_for(row, named, config.max_tokens, seed) for row in asked]
            found = estimated(requests, 1.0, self.terms_of(model, "predict"), self.ledger)
            total = replace(sum([found] * times, total), by=found.by)
        return total

    def grading(self) -> Estimate | None:
        """What grades will take, by the replies that are stored, else as if each were its reference."""
        settings, examples = self.project.settings, self.rows("assemble")
        if examples is None:
            return None
        asked = {row.id: row for row in examples if row.split == settings.predict.split}
        replies = self.rows("predict") or list(likely_replies(asked.values(), settings.predict.systems))
        shown = Shown(examples, settings.seed)
        cases = [case for row in replies if (case := shown.graded(asked[row.example], row)) is not None]
        sample, terms = evenly(cases), self.terms("grade")
        model, metrics = self.role("grade").model, settings.grade.metrics
        requests = wait_for(foreseen(sample, model, metrics))
        found = estimated(requests, len(sample) / max(1, len(cases)), terms, self.ledger)
        if not settings.grade.planted or "answer_correctness" not in metrics:
            return found
        planted = wait_for(foreseen_planted(cases, model, metrics, settings.seed))
        return replace(found + estimated(planted, 1.0, terms, self.ledger), by=found.by, share=found.share)

    def questions(self, chunks: Sequence[Chunk]) -> Mapping[str, Sequence[Question]]:
        """The stored questions, or stand-ins."""
        if rows := self.rows("ask"):
            return by_chunk(rows)
        return {chunk.id: likely_questions(chunk, self.manner, self.recall) for chunk in chunks}

    def answers(self, chunks: Sequence[Chunk]) -> Mapping[str, Sequence[Answer]]:
        """The stored answers, or stand-ins."""
        if rows := self.rows("answer"):
            return by_chunk(rows)
        questions = self.questions(chunks)
        manner, recall = self.manner, self.recall
        return {chunk.id: likely_answers(chunk, questions.get(chunk.id, ()), manner, recall) for chunk in chunks}

    def recall(self, key: str) -> Json | None:
        """What the ledger holds under a key."""
        return None if self.ledger is None else self.ledger.recall(key)

    def rows(self, stage: str) -> list[Any] | None:
        """The rows that a run would take over from a stage, or None where it would run first."""
        if stage not in self.artifacts:
            return None
        if stage not in self._rows:
            self._rows[stage] = list(self.artifacts[stage])
        return self._rows[stage]

    def terms(self, stage: str) -> Terms:
        """What is known about the model of a stage."""
        return self.terms_of(self.role(stage), stage)

    def terms_of(self, role: "Role | OtherModelConfig", stage: str) -> Terms:
        """What is known about a model that a stage asks."""
        count = counter_for(role.model, role.tokenizer, self.project.folder)
        price = price_for(role, role.model, self.project.folder)
        return Terms(count, price, habit_of(self.ledger, stage, role.model, count), self.pace(role, role.model))

    def pace(self, role: EndpointConfig, model: str) -> Pace:
        """What an endpoint allows in a minute, by the settings or by what it said before."""
        known = self.memory.recall(f"{role.address().name} {model} chat")

        def learned(unit: str) -> float | None:
            values = known.get(unit) or {}
            return 60.0 * values["limit"] / values["period"] if values.get("limit") else None

        return Pace(role.requests_per_minute or learned("requests"), role.tokens_per_minute or learned("tokens"))

    def role(self, stage: str) -> Role:
        """Who is asked by a stage."""
        settings = self.project.settings
        roles: dict[str, Role] = {"ingest": settings.vision, "chunk": settings.embedder}
        judge: Role = settings.judge if settings.judge.model else settings.teacher
        return judge if stage in ("verify", "grade") else roles.get(stage, settings.teacher)

    @property
    def manner(self) -> Teacher:
        """How the teacher is asked; it is not asked here."""
        return teacher_of(self.project.settings.teacher, recorded.plug())


def likely_replies(examples: Iterable[Example], systems: Sequence[str]) -> Iterator[Prediction]:
    """Stand-ins for the replies of systems: each example's target."""
    prompt = default_prompt()
    for example in examples:
        for system in systems:
            yield Prediction(
                example=example.id,
                system=system,
                reply=prompt.target(example),
                finish_reason="stop",
                prompt_tokens=0,
                completion_tokens=0,
            )


@contextmanager
def foresight(project: Project, artifacts: Mapping[str, Artifact[Any]]) -> Iterator[Foresight]:
    """Foresight over a project whose ledger is open only meanwhile."""
    ledger = Ledger(project.ledger) if project.ledger.exists() else None
    try:
        yield Foresight(project, artifacts, ledger, EndpointMemory(project.endpoints))
    finally:
        if ledger is not None:
            ledger.close()


def foreseeing(project: Project) -> Foresee:
    """For a runner: what a stage will take, by the artifacts that are there when it starts."""

    def foresee(stage: str, artifacts: Mapping[str, Artifact[Any]]) -> Json | None:
        if stage not in PAYING:
            return None
        with foresight(project, artifacts) as found:
            estimate = found.estimate(stage) if found.asks(stage) else None
        return None if estimate is None else asdict(estimate)

    return foresee


@dataclass(frozen=True)
class Tuning:
    """What tuning at a provider would cost: tokens of an epoch, epochs, dollars, dollars an hour to keep it ready.

    `counter` says what counted the tokens.
    """

    model: str
    tokens: int
    counter: str
    epochs: int
    dollars: float | None
    hosting: float | None


def tuning_at(project: Project, model: str) -> Tuning:
    """The cost of tuning a provider's model on the rows of this project.

    Raises ConfigError before there are rows (`assemble`).
    """
    rows = (row for row in stored(project, "assemble") if isinstance(row, Example))
    price, count = price_of(model, project.folder), counter_for(model)
    tokens, epochs = tuning_tokens(rows, default_prompt(), count), project.settings.train.epochs
    dollars = training_dollars(price, tokens, epochs)
    return Tuning(model, tokens, count.name, epochs, dollars, hosting_dollars(price, 1))
