"""Scores -> one report: means, paired differences, the verdict, and what a reader needs to check them."""

import csv
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, cast

from raftune.anatomy import anatomy
from raftune.artifact import Artifact
from raftune.contexts import Contexts, system_of
from raftune.digest import digest
from raftune.errors import ConfigError
from raftune.judging.grader import GRADED
from raftune.judging.told import judge_facts, judged_by
from raftune.parsing import parsed
from raftune.prompts.raft import default_prompt
from raftune.records import CostQuote, Example, Label, Language, Prediction, Score, Split, TrainedModel
from raftune.report_records import (
    AbstentionCount,
    CurvePoint,
    DatasetDescription,
    Difference,
    ErrorCount,
    FunnelCount,
    MetricValue,
    Report,
    ReportRow,
    RowReply,
    SliceValue,
)
from raftune.stage import StageConfig, Tools, rows_by_id, stage
from raftune.tables import (
    Table,
    class_difference,
    class_mean,
    corrected_means,
    difference_of,
    in_family,
    mean_of,
    tabulate,
)
from raftune.verdict import HEADLINE, judge_warnings, verdict, warnings

SLICED = (*HEADLINE, "abstention_recall")
LABELS = ("present", "absent", "first", "middle", "last", "en", "ko")
MOST_SOURCES = 8
MOST_POINTS = 200

Shown = tuple[Example, Prediction]


class ReportConfig(StageConfig):
    """What the report says beside its numbers."""

    language: Language = "en"
    """The language of the report."""
    title: str = ""
    """Its title."""
    note: str = ""
    """A few words under the verdict: who wrote the questions, how many answers people approved."""
    base: str = "base"
    """The system that is compared with."""
    tuned: str = "tuned"
    """The system that should be better."""
    rows: int = 100
    """How many test questions the report shows in full, at most."""


@dataclass(frozen=True)
class Findings:
    """Means, paired differences, and what they say; `failed` is the largest share of replies that a system lacks."""

    means: tuple[MetricValue, ...]
    differences: tuple[Difference, ...]
    helped: bool | None
    sentence: str
    groups: int
    failed: float


@stage(version=2, row_type=Report)
async def report(  # noqa: PLR0917 - a stage takes its artifacts by place
    tools: Tools,
    config: ReportConfig,
    scores: Artifact[Score],
    grades: Artifact[Score],
    predictions: Artifact[Prediction],
    examples: Artifact[Example],
    quote: Artifact[CostQuote],
    model: Artifact[TrainedModel],
    description: Artifact[DatasetDescription],
    labels: Artifact[Label],
) -> AsyncIterator[Report]:
    """Exactly one report. Raises ConfigError if the two systems to compare have no scores."""
    table, judged = tabulate(chain(scores, grades), partial(lower_is_better, tools)), judged_by(grades)
    check_systems(table, config)
    asked = rows_by_id(examples)
    held = [asked[example] for example in table.groups]
    funnel, shared = splits_of(asked.values())
    shown = list(shown_pairs(tools, held, predictions))
    found = findings_of(tools, table, config, held, shown)
    yield Report(
        name=config.title,
        verdict=found.sentence,
        helped=found.helped,
        systems=table.systems,
        metrics=(*found.means, *corrected_means(table, labels, bootstrap_seed(tools))),
        differences=found.differences,
        facts=(
            *facts_of(tools, config, scores, predictions, examples, next(iter(quote)), next(iter(model))),
            *judge_facts(judged),
            *label_facts(table, labels),
        ),
        language=config.language,
        base=config.base,
        tuned=config.tuned,
        note=config.note,
        warnings=warnings(len(held), found.groups, found.failed, shared, config.language)
        + judge_warnings(judged, config.language),
        questions=len(held),
        groups=found.groups,
        shared_groups=shared,
        slices=tuple(slices_of(table, held)),
        abstentions=tuple(abstention_of(table, system) for system in table.systems),
        errors=tuple(errors_of(shown, held, config)),
        funnel=funnel,
        rejected=rejects_of(examples, predictions, scores, grades),
        description=next(iter(description)),
        curve=tuple(curve_of(model)),
        rows=tuple(rows_of(table, held, predictions, config)),
    )


def findings_of(
    tools: Tools, table: Table, config: ReportConfig, held: Sequence[Example], shown: Iterable[Shown]
) -> Findings:
    """What the scores of the test questions show."""
    seed, compared = bootstrap_seed(tools), (config.base, config.tuned)
    means = [mean_of(table, metric, system, seed) for metric in table.metrics for system in table.systems]
    differences = [difference_of(table, metric, compared, seed) for metric in table.metrics]
    if "choice" in table.metrics:
        labels = labels_of_choices(tools, shown)
        means += [class_mean(labels.get(system, {}), system, table.groups, seed) for system in table.systems]
        base, tuned = (labels.get(system, {}) for system in compared)
        differences.append(class_difference(base, tuned, table.groups, seed))
    groups, family = len(set(table.groups.values())), in_family(differences)
    helped, sentence = verdict({one.metric: one for one in family}, len(held), groups, config.language)
    failed = max((mean.failed / mean.n for mean in means if mean.n), default=0.0)
    return Findings(tuple(means), tuple(family), helped, sentence, groups, failed)


def labels_of_choices(tools: Tools, shown: Iterable[Shown]) -> dict[str, dict[str, tuple[str, str]]]:
    """The right choice and the given one by system and example, where there is something to choose."""
    (metric,) = tools.plugs.metrics(["choice"])
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for example, prediction in shown:
        if pair := cast("Any", metric).labels(example, parsed(prediction.reply)):
            found[prediction.system][prediction.example] = pair
    return found


def check_systems(table: Table, config: ReportConfig) -> None:
    """Raises ConfigError where a system that is to be compared has no scores."""
    for system in (config.base, config.tuned):
        if system not in table.systems:
            raise ConfigError(
                f"There are no scores of the system {system!r}.",
                f"Set report.base and report.tuned to {table.systems}.",
            )


def lower_is_better(tools: Tools, names: Sequence[str]) -> set[str]:
    """Those of the metrics whose lower values are better."""
    by_rule = tools.plugs.metrics([name for name in names if name not in GRADED])
    return {metric.name for metric in by_rule if not metric.higher_is_better}


def bootstrap_seed(tools: Tools) -> int:
    """One seed for all intervals, so that equal values have equal intervals."""
    return tools.random("report", "intervals").getrandbits(63)


def splits_of(examples: Iterable[Example]) -> tuple[tuple[FunnelCount, ...], int]:
    """Examples by split and behaviour, and how many groups stand in more than one split."""
    counts: Counter[tuple[Split, str]] = Counter()
    groups: dict[tuple[Split, str], set[str]] = defaultdict(set)
    splits: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        cell = (example.split, example.behaviour)
        counts[cell] += 1
        groups[cell].add(example.group)
        splits[example.group].add(example.split)
    order: tuple[Split, ...] = ("train", "validation", "test")
    cells = sorted(counts, key=lambda cell: (order.index(cell[0]), cell[1]))
    funnel = tuple(
        FunnelCount(split=cell[0], behaviour=cell[1], examples=counts[cell], groups=len(groups[cell])) for cell in cells
    )
    return funnel, sum(len(found) > 1 for found in splits.values())


def slices_of(table: Table, held: Sequence[Example]) -> Iterable[SliceValue]:
    """Means of the headline metrics and of abstention over parts of the test questions that split them."""
    parts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for example in held:
        for part, label in labels_of(example):
            parts[part][label].add(example.id)
    for part, by_label in parts.items():
        largest = sorted(by_label.items(), key=lambda item: (-len(item[1]), item[0]))
        kept = (
            largest[:MOST_SOURCES]
            if part == "source"
            else sorted(by_label.items(), key=lambda item: LABELS.index(item[0]))
        )
        if len(by_label) == 1:
            continue
        for label, members in kept:
            for metric in (name for name in SLICED if name in table.metrics):
                for system in table.systems:
                    found = [value for example, value in table.of(metric, system).items() if example in members]
                    mean = round(sum(found) / len(found), 6) if found else None
                    yield SliceValue(part=part, label=label, metric=metric, system=system, value=mean, n=len(found))


def labels_of(example: Example) -> Iterable[tuple[str, str]]:
    """The parts an example belongs to."""
    yield "oracle", "absent" if example.oracle is None else "present"
    if example.oracle is not None and len(example.documents) > 1:
        last = len(example.documents) - 1
        yield "position", "first" if example.oracle == 0 else "last" if example.oracle == last else "middle"
    yield "language", example.language
    yield "source", example.source


def abstention_of(table: Table, system: str) -> AbstentionCount:
    """The two by two of abstentions; failed replies count as the wrong cell."""
    refused, abstained = table.of("over_refusal", system).values(), table.of("abstention_recall", system).values()
    return AbstentionCount(
        system=system,
        present_answered=sum(value == 0 for value in refused),
        present_abstained=sum(value == 1 for value in refused),
        absent_answered=sum(value == 0 for value in abstained),
        absent_abstained=sum(value == 1 for value in abstained),
    )


def shown_pairs(tools: Tools, held: Sequence[Example], predictions: Iterable[Prediction]) -> Iterator[Shown]:
    """Each prediction with its example as its system was shown it."""
    asked, contexts = {example.id: example for example in held}, Contexts(held, tools.seed)
    for prediction in predictions:
        if prediction.example in asked:
            context = system_of(prediction.system).context
            shown = contexts.shown(asked[prediction.example], context, prediction.retrieved)
            if shown is not None:
                yield shown, prediction


def errors_of(shown: Iterable[Shown], held: Sequence[Example], config: ReportConfig) -> list[ErrorCount]:
    """Why replies of the two systems are wrong; examples are taken from the rows that the report shows in full."""
    pairs = [pair for pair in shown if pair[1].system in (config.base, config.tuned)]
    return anatomy(pairs, default_prompt(), {example.id for example in chosen_rows(held, config)})


def facts_of(
    tools: Tools,
    config: ReportConfig,
    scores: Artifact[Score],
    predictions: Artifact[Prediction],
    examples: Artifact[Example],
    quote: CostQuote,
    model: TrainedModel,
) -> tuple[tuple[str, str], ...]:
    """(key, text) of what the numbers rest on. Nothing here depends on the clock or on where the project lies."""
    tokens: dict[str, list[int]] = defaultdict(list)
    for prediction in predictions:
        tokens[prediction.system].append(prediction.completion_tokens)
    means = (f"{system} {sum(counts) / len(counts):.0f}" for system, counts in tokens.items())
    loss = "–" if model.validation_loss is None else f"{model.validation_loss:.4f}"
    return (
        ("student", PurePath(model.base).name if PurePath(model.base).is_absolute() else model.base),
        ("adapter", model.adapter_sha256),
        ("prompt", digest(model.prompt)),
        ("training", f"{model.epochs} / {model.steps}"),
        ("losses", f"{model.train_loss:.4f} / {loss}"),
        ("tokens", f"{quote.prompt_tokens} / {quote.answer_tokens}"),
        ("flops", f"{quote.flops:.2e}"),
        ("dollars", "?" if quote.dollars is None else f"{quote.dollars:.2f}"),
        ("reply_tokens", ", ".join(means)),
        ("seed", str(tools.seed)),
        ("examples", examples.digest),
        ("predictions", predictions.digest),
        ("scores", scores.digest),
        ("compared", f"{config.tuned} − {config.base}"),
    )


def label_facts(table: Table, labels: Iterable[Label]) -> tuple[tuple[str, str], ...]:
    """How many labels of each metric and system are of answers in this report, and how many are of none."""
    counts: Counter[str] = Counter()
    for label in labels:
        held = label.example in table.of(label.metric, label.system)
        counts[f"{label.metric} {label.system}" if held else "–"] += 1
    return (("labels", ", ".join(f"{name} {count}" for name, count in counts.items())),) if counts else ()


def rejects_of(*artifacts: Artifact[Example] | Artifact[Prediction] | Artifact[Score]) -> tuple[tuple[str, int], ...]:
    """("stage: reason", count) of the rows that the stages behind the report left out."""
    return tuple((f"{artifact.name}: {reason}", count) for artifact in artifacts for reason, count in artifact.rejected)


def curve_of(model: Artifact[TrainedModel]) -> Iterable[CurvePoint]:
    """The losses in the model's `metrics.csv` (columns as in OpenAI's result files), thinned; none without it."""
    if model.folder is None or not model.file("metrics.csv").exists():
        return
    points = list(read_curve(model.file("metrics.csv")))
    every = -(-len(points) // MOST_POINTS) or 1
    yield from (point for index, point in enumerate(points) if index % every == 0 or point.validation_loss is not None)


def read_curve(path: Path) -> Iterable[CurvePoint]:
    """One point for each row; an empty cell, or a column that is not there, is None."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            losses = [float(row[name]) if row.get(name) else None for name in ("train_loss", "valid_loss")]
            yield CurvePoint(step=int(row["step"]), train_loss=losses[0], validation_loss=losses[1])


def rows_of(
    table: Table, held: Sequence[Example], predictions: Iterable[Prediction], config: ReportConfig
) -> Iterable[ReportRow]:
    """Test questions in full, with the replies of the two systems that are compared: all of them, or as many as asked
    for, chosen by the digest of their ids.
    """
    chosen = {example.id for example in chosen_rows(held, config)}
    replies: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        if prediction.example in chosen and prediction.system in (config.base, config.tuned):
            replies[prediction.example].append(prediction)
    for example in held:
        if example.id in chosen:
            yield row_of(table, example, replies[example.id], config)


def chosen_rows(held: Sequence[Example], config: ReportConfig) -> list[Example]:
    """The test questions that are shown in full."""
    return sorted(held, key=lambda one: digest([one.id]))[: config.rows]


def row_of(table: Table, example: Example, replies: Sequence[Prediction], config: ReportConfig) -> ReportRow:
    """One test question with both replies; which is better is decided by the headline metrics that apply, summed."""
    base, tuned = (
        sum(table.of(metric, system).get(example.id, 0.0) for metric in SLICED)
        for system in (config.base, config.tuned)
    )
    return ReportRow(
        example=example.id,
        question=example.text,
        documents=tuple(document.text for document in example.documents),
        oracle=example.oracle,
        quotes=tuple(quote.text for quote in example.quotes),
        reference=example.reference,
        behaviour=example.behaviour,
        source=example.source,
        outcome="tuned" if tuned > base else "base" if base > tuned else "same",
        replies=tuple(reply_of(table, prediction) for prediction in replies),
    )


def reply_of(table: Table, prediction: Prediction) -> RowReply:
    """A reply with its value in each metric that applies."""
    found = ((metric, table.of(metric, prediction.system).get(prediction.example)) for metric in table.metrics)
    return RowReply(
        system=prediction.system,
        text=prediction.reply,
        finish_reason=prediction.finish_reason,
        values=tuple((metric, value) for metric, value in found if value is not None),
    )
