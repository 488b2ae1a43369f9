"""A made-up evaluation: a handful of passages, questions about them, and two systems of a given skill."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raftune.artifact import Artifact, in_memory
from raftune.contracts import ParsedReply
from raftune.records import ContextDocument, CostQuote, Example, Label, Prediction, Quote, Score, TrainedModel
from raftune.registry import load
from raftune.report_records import DatasetDescription, Report
from raftune.stages.evaluate import METRICS, EvaluateConfig, evaluate, parsed
from raftune.stages.report import ReportConfig, report
from tests.made_description import make_description
from tests.support import make_tools, rows_of

FACTS = {
    "en": (
        ("What is the daily withdrawal limit for a Class {n} account?", "{m}00 dollars",
         "The daily withdrawal limit for a Class {n} account is {m}00 dollars unless the manager approves more."),
        ("How many days does the Class {n} review board have to answer an appeal?", "{m} days",
         "The Class {n} review board must answer an appeal within {m} days of receiving it."),
        ("Who keeps the register of Class {n} licences?", "the Registrar of District {m}",
         "The register of Class {n} licences is kept by the Registrar of District {m} and published each spring."),
    ),
    "ko": (
        ("{n}종 계좌의 하루 인출 한도는 얼마입니까?", "{m}00만 원",
         "{n}종 계좌의 하루 인출 한도는 지점장이 달리 승인하지 않는 한 {m}00만 원으로 한다."),
        ("{n}종 심사위원회는 이의 신청에 며칠 안에 답해야 합니까?", "{m}일",
         "{n}종 심사위원회는 이의 신청을 받은 날부터 {m}일 이내에 답하여야 한다."),
        ("{n}종 면허 대장은 누가 관리합니까?", "제{m}지구 등록관",
         "{n}종 면허 대장은 제{m}지구 등록관이 관리하며 해마다 봄에 이를 공표한다."),
    ),
}  # fmt: skip
UNKNOWN = {"en": "The documents do not hold the answer.", "ko": "문서에 답이 없습니다."}
FILLER = {
    "en": "### Section {n}\nThis section applies to every branch. Forms are kept at the counter. ",
    "ko": "### 제{n}절\n이 절은 모든 지점에 적용한다. 서식은 창구에 비치한다. ",
}


def make_example(
    *,
    text: str = "What is the monthly fee?",
    documents: Sequence[str] = ("The monthly fee is 30 euros for each account.", "The office opens at nine."),
    oracle: int | None = 0,
    reference: str = "30 euros",
    behaviour: str = "answer",
    language: str = "en",
    **changes: Any,
) -> Example:
    """An example in short form."""
    fields: dict[str, Any] = {
        "answer": "a",
        "text": text,
        "documents": tuple(ContextDocument(chunk=f"c{n}", text=document) for n, document in enumerate(documents)),
        "oracle": oracle,
        "group": "g",
        "document_set": "s",
        "source": "rules.pdf",
        "split": "test",
        "behaviour": behaviour,
        "reasoning": "",
        "quotes": (),
        "final": reference,
        "reference": reference,
        "language": language,
    }
    return Example(**{**fields, **changes})


def make_examples(count: int, language: str = "en", per_group: int = 3) -> list[Example]:
    """Test examples in groups; each fifth has no oracle and should be abstained from."""
    examples = []
    for number in range(count):
        question, reference, sentence = (
            part.format(n=number + 1, m=3 + number % 7) for part in FACTS[language][number % 3]
        )
        absent = number % 5 == 4
        others = [FILLER[language].format(n=n) for n in range(number, number + (4 if absent else 3))]
        documents = (
            others
            if absent
            else [*others[: number % 4], FILLER[language].format(n=99) + sentence, *others[number % 4 :]]
        )
        examples.append(
            make_example(
                text=question,
                documents=documents,
                oracle=None if absent else number % 4,
                reference=reference,
                behaviour="abstain" if absent else "answer",
                language=language,
                group=f"group-{number // per_group}",
                source=["rules.pdf", "handbook.pdf"][number // per_group % 2],
                quotes=() if absent else (Quote(chunk="c", start=0, end=len(sentence), text=sentence),),
                final=UNKNOWN[language] if absent else reference,
            )
        )
    return examples


def make_reply(example: Example, skill: float, chance: random.Random, *, marks: bool) -> str:
    """A reply that is right with probability `skill`; without marks it is plain prose."""
    right, quotes = chance.random() < skill, chance.random() < skill
    answer = example.final if right else {"en": "about 12 weeks", "ko": "약 12주"}[example.language]
    if not marks:
        return answer
    if example.oracle is None:
        return f"<ANSWER>: {answer}"
    quote = example.quotes[0].text if quotes else "Every branch keeps 40 forms, as the council has decided."
    return f"##begin_quote##{quote}##end_quote##\n<ANSWER>: {answer}"


def make_prediction(example: Example, system: str, reply: str, finish_reason: str = "stop") -> Prediction:
    """A prediction in short form."""
    return Prediction(
        example=example.id,
        system=system,
        reply=reply,
        finish_reason=finish_reason,
        prompt_tokens=900,
        completion_tokens=40,
    )


def make_predictions(
    examples: Sequence[Example], skills: dict[str, tuple[float, bool]], seed: int = 1
) -> list[Prediction]:
    """Predictions of each system by (skill, whether it uses the format's marks)."""
    chance = random.Random(seed)
    return [
        make_prediction(example, system, make_reply(example, skill, chance, marks=marks))
        for system, (skill, marks) in skills.items()
        for example in examples
    ]


class MetricPlugs:
    """The real metrics by name."""

    def metrics(self, names: Sequence[str]) -> list[Any]:
        return [load("metrics", name) for name in names]


def score_all(
    folder: Path, predictions: Sequence[Prediction], examples: Sequence[Example], metrics: Sequence[str] = METRICS
) -> Artifact[Score]:
    """The scores that the stage `evaluate` makes."""
    tools = make_tools(folder, MetricPlugs())
    held = in_memory("assemble", Example, examples)
    asked = in_memory("predict", Prediction, predictions)
    return in_memory("evaluate", Score, rows_of(evaluate, tools, EvaluateConfig(metrics=tuple(metrics)), asked, held))


def make_report(
    folder: Path,
    predictions: Sequence[Prediction],
    examples: Sequence[Example],
    config: ReportConfig | None = None,
    metrics: Sequence[str] = METRICS,
    grades: Artifact[Score] | None = None,
    labels: Sequence[Label] = (),
) -> Report:
    """The one report that the stage `report` makes."""
    quote = CostQuote(
        examples=300, prompt_tokens=270_000, answer_tokens=21_000, longest=1_400, epochs=3, flops=2.5e15, dollars=0.0
    )
    model = TrainedModel(
        base="SmolLM2-135M-Instruct", adapter="adapter", adapter_sha256="ab" * 32, prompt="{}", steps=120, epochs=3,
        train_loss=0.41, validation_loss=0.47,
    )  # fmt: skip
    rows = rows_of(
        report,
        make_tools(folder, MetricPlugs()),
        config or ReportConfig(),
        score_all(folder, predictions, examples, metrics),
        grades or in_memory("grade", Score, []),
        in_memory("predict", Prediction, predictions),
        in_memory("assemble", Example, examples),
        in_memory("estimate", CostQuote, [quote]),
        in_memory("train", TrainedModel, [model]),
        in_memory("describe", DatasetDescription, [make_description()]),
        in_memory("labels", Label, labels),
    )
    assert len(rows) == 1
    return rows[0]


def reply_of(text: str) -> ParsedReply:
    """A reply taken apart as `evaluate` does it."""
    return parsed(text)
