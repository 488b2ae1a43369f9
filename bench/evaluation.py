"""How long scores, intervals and a report take, how often intervals hold the truth, and how much a judge is asked.

python bench/evaluation.py [--data FOLDER] [--rows 10000] [--ragas-python PYTHON] [--json]
    [--parts scoring intervals coverage requests report predict ragas]

Predictions are made up from PubMedQA: abstracts as documents, replies that quote them or something else. The judge is
a script that answers at once, so only its requests are counted. `predict` is bench/predicting.py on 4 document sets of
5 questions: together with shared documents, and one by one without.
"""

import argparse
import asyncio
import json
import multiprocessing
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from raftune.anatomy import anatomy
from raftune.contracts import ChatReply, ChatRequest
from raftune.embedders.hashed import plug as hashed
from raftune.judging.grader import Graded, Grader
from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Example, Prediction, Quote, Score
from raftune.registry import load
from raftune.render.page import html
from raftune.report_records import Report
from raftune.stage import Judge
from raftune.stages.evaluate import METRICS, judged
from raftune.stages.report import ReportConfig, rows_of
from raftune.statistics import clustered_mean, paired_difference
from raftune.tables import difference_of, mean_of, tabulate

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.predicting import measured
from bench.ragas_check import compared, environment

DOCUMENTS, SYSTEMS, QUESTIONS, SIMULATIONS = 4, 5, 2000, 1000
GROUPS, PER_GROUP, EFFECT = 40, 5, 0.2
PARTS = ("scoring", "intervals", "coverage", "requests", "report", "predict", "ragas")


class Script:
    """A judge that finds two claims, says yes to everything, and asks three questions."""

    def __init__(self) -> None:
        self.requests = 0

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply that the request's schema asks for."""
        self.requests += 1
        names = (request.reply_schema or {})["properties"]
        known = {"claims": ["One claim.", "Another."], "questions": ["What?", "Who?", "When?"], "evasive": "no"}
        content = {name: known.get(name, "yes") for name in names}
        return ChatReply(text=json.dumps(content), finish_reason="stop", prompt_tokens=1, completion_tokens=1)


def examples_of(data: Path, count: int) -> list[Example]:
    """Questions of PubMedQA with their abstract among three others, repeated with other distractors up to `count`."""
    with (data / "pubmedqa" / "train.jsonl").open(encoding="utf-8") as file:
        items = [json.loads(line) for line in file]
    texts = [" ".join(part["text"] for part in item["contexts"]) for item in items]
    return [example(items, texts, number) for number in range(count)]


def example(items: list[dict[str, Any]], texts: list[str], number: int) -> Example:
    """One question."""
    at, oracle = number % len(items), number % DOCUMENTS
    others = [texts[(at + step * (1 + number // len(items))) % len(items)] for step in range(1, DOCUMENTS)]
    shown = [*others[:oracle], texts[at], *others[oracle:]]
    quote = Quote(chunk=f"c{oracle}", start=0, end=80, text=texts[at][:80])
    return Example(
        answer=f"a{number}",
        text=items[at]["question"],
        documents=tuple(ContextDocument(chunk=f"c{place}", text=text) for place, text in enumerate(shown)),
        oracle=oracle,
        group=f"g{at}",
        document_set=f"s{number}",
        source="pubmedqa",
        split="test",
        behaviour="answer",
        reasoning="",
        quotes=(quote,),
        final=items[at]["answer"],
        reference=items[at]["long_answer"],
        language="en",
    )


def predictions_of(examples: Sequence[Example]) -> Iterator[Prediction]:
    """A reply to each: quotes of the right document, of another, or of none in turn."""
    for number, one in enumerate(examples):
        document = one.documents[(one.oracle or 0) if number % 3 else (one.oracle or 0) - 1]
        quote = document.text[:120] if number % 3 < 2 else "This sentence stands in none of the documents shown."
        reply = f"##begin_quote##{quote}##end_quote##\n<ANSWER>: {one.reference[:200]}"
        yield Prediction(
            example=one.id, system="tuned", reply=reply, finish_reason="stop", prompt_tokens=1, completion_tokens=1
        )


def scoring(data: Path, rows: int) -> dict[str, float]:
    """Seconds to score `rows` replies by the default metrics."""
    examples = examples_of(data, rows)
    predictions, metrics = list(predictions_of(examples)), [load("metrics", name) for name in METRICS]
    began = time.perf_counter()
    for one, prediction in zip(examples, predictions, strict=True):
        for metric in metrics:
            judged(metric, one, prediction)
    return {"deterministic_rows": rows, "deterministic_10k_s": round((time.perf_counter() - began) * 1e4 / rows, 2)}


def intervals() -> dict[str, float]:
    """Seconds of all means and differences of 5 systems, 10 metrics and 2,000 questions."""
    chance = np.random.default_rng(0)
    groups = [f"g{number // 4}" for number in range(QUESTIONS)]
    values = chance.random((10, SYSTEMS, QUESTIONS))
    began = time.perf_counter()
    for metric in values:
        for system in metric:
            clustered_mean(system.tolist(), groups, 0)
            paired_difference(metric[0].tolist(), system.tolist(), groups, 0)
    return {"bootstrap_s": round(time.perf_counter() - began, 2)}


def coverage() -> dict[str, float]:
    """How often the 95 % interval of a paired difference holds the true one, on made-up groups that differ."""
    chance = np.random.default_rng(1)
    groups = [f"g{number // PER_GROUP}" for number in range(GROUPS * PER_GROUP)]
    held = 0
    for _ in range(SIMULATIONS):
        shift = np.repeat(chance.normal(0, 0.15, GROUPS), PER_GROUP)
        base = (chance.random(len(groups)) < 0.4).astype(float)
        tuned = (chance.random(len(groups)) < np.clip(0.4 + EFFECT + shift, 0, 1)).astype(float)
        found = paired_difference(base.tolist(), tuned.tolist(), groups, 0)
        held += (found.low or 0) <= EFFECT <= (found.high or 0)
    return {"interval_coverage": held / SIMULATIONS, "simulations": SIMULATIONS}


def requests(data: Path) -> dict[str, float]:
    """Requests to a judge by answer, for all four metrics and two systems on 50 questions."""
    script = Script()
    grader = Grader(Judge("script", script, 8), hashed(0))

    async def grade() -> None:
        for one in examples_of(data, 50):
            shown = tuple(document.text for document in one.documents)
            for answer in (one.reference, f"{one.final}. {one.reference[:60]}"):
                await grader.grade(Graded(one.text, answer, one.reference, shown, "en"))

    asyncio.run(grade())
    return {"judge_calls_per_answer": script.requests / 100}


def report_size(data: Path) -> dict[str, int]:
    """Bytes of the page of a report that shows 500 questions in full."""
    examples = examples_of(data, 500)
    predictions = [
        one.changed(system=system)
        for system, shift in (("base", 1), ("tuned", 0))
        for one in predictions_of(examples[shift:] + examples[:shift])
    ]
    known, metrics = {one.id: one for one in examples}, [load("metrics", name) for name in METRICS]
    scores = [
        Score(
            example=row.example, system=row.system, metric=metric.name, value=found.value, state=found.state, group="g"
        )
        for row in predictions
        for metric in metrics
        if (found := judged(metric, known[row.example], row))
    ]
    table = tabulate(
        scores, lambda names: {metric.name for metric in metrics if not metric.higher_is_better} & set(names)
    )
    config = ReportConfig(rows=len(examples))
    means = tuple(mean_of(table, metric, system, 0) for metric in table.metrics for system in table.systems)
    differences = tuple(difference_of(table, metric, ("base", "tuned"), 0) for metric in table.metrics)
    errors = tuple(anatomy([(known[row.example], row) for row in predictions], default_prompt()))
    drawn = Report(
        name="Size", verdict="-", helped=None, systems=table.systems, metrics=means, differences=differences, facts=(),
        language="en", questions=len(examples), groups=1, errors=errors,
        rows=tuple(rows_of(table, examples, predictions, config)),
    )  # fmt: skip
    return {"report_rows": len(drawn.rows), "report_bytes": len(html(drawn, {}).encode())}


def predicting(data: Path) -> dict[str, Any]:
    """Seconds of replies to 20 questions on 4 sets of shared documents, and one by one without sharing."""
    arms = ["shared", "separate"]
    options = {"sets": 4, "questions": 5, "document_tokens": 900, "max_tokens": 150, "arms": arms, "repeats": 1}
    found = measured(argparse.Namespace(data=data, **options))
    return {
        "predict_shared_s": found["seconds"]["shared"],
        "predict_separate_s": found["seconds"]["separate"],
        "same_outputs": found["same"]["shared"],
    }


def beside_ragas(data: Path, python: str) -> dict[str, Any]:
    """How many of our judged metrics on 50 rows differ from RAGAS's, and why; see bench/ragas_check.py."""
    _, figures = compared(data, python or environment())
    return {name: value for name, value in figures.items() if name.startswith("ragas_")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--ragas-python", default="", help="an interpreter that has ragas; else one is made with pip")
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "scoring": lambda: scoring(arguments.data, arguments.rows),
        "intervals": intervals,
        "coverage": coverage,
        "requests": lambda: requests(arguments.data),
        "report": lambda: report_size(arguments.data),
        "predict": lambda: predicting(arguments.data),
        "ragas": lambda: beside_ragas(arguments.data, arguments.ragas_python),
    }
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores",
        "date": datetime.now(UTC).date().isoformat(),
    }
    for name in arguments.parts:
        result |= parts[name]()
    print(json.dumps(result) if arguments.json else "\n".join(f"{name} {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()
