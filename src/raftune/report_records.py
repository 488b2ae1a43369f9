"""The nouns of a report: what the training set is made of, and what was measured."""

from typing import Literal

from raftune.records import Kind, Language, Part, Record, Split, Tier


class ExampleCount(Part):
    """Examples of a split that teach a behaviour by a kind of question in a language."""

    split: Split
    behaviour: str
    kind: Kind
    language: Language
    examples: int


class LengthSpread(Part):
    """Lengths in characters of all texts of one sort ("question", "answer", "document", "prompt").

    `quantiles` are the least, those at 5, 25, 50, 75 and 95 %, and the greatest; `bars` counts the texts of each
    stretch of `width` characters from 0 on. A "prompt" is all documents and the question, instructions aside.
    """

    sort: str
    count: int
    quantiles: tuple[int, int, int, int, int, int, int]
    width: int
    bars: tuple[int, ...]


class FunnelStep(Part):
    """Rows that a stage made, and those it left out by reason."""

    stage: str
    rows: int
    rejected: tuple[tuple[str, int], ...]


class CoveredStretch(Part):
    """Characters [start, end) of a document, the pages they stand on, and what became of the questions about them.

    "used": an example rests on them. "lost": there were questions, and none was kept. "untouched": there were no
    questions. "outside": no passage holds them.
    """

    start: int
    end: int
    pages: tuple[int, ...]
    state: Literal["used", "lost", "untouched", "outside"]


class DocumentCoverage(Part):
    """Which parts of a document examples rest on: neighbouring stretches of the same state are one.

    `used` is the share of its characters that an example rests on. `idle` are the ids of chunks without questions.
    """

    document: str
    name: str
    characters: int
    pages: int
    questions: int
    examples: int
    used: float
    stretches: tuple[CoveredStretch, ...]
    idle: tuple[str, ...]
    idle_pages: tuple[int, ...]


class DatasetDescription(Record):
    """What the training set is made of.

    `positions` counts the examples whose oracle stands first, second, ...; `hidden` those without one. `shown` counts
    examples by their number of documents, `tiers` the documents shown by why they are.
    """

    counts: tuple[ExampleCount, ...]
    lengths: tuple[LengthSpread, ...]
    positions: tuple[int, ...]
    hidden: int
    shown: tuple[tuple[int, int], ...]
    tiers: tuple[tuple[Tier, int], ...]
    flags: tuple[tuple[str, int], ...]
    funnel: tuple[FunnelStep, ...]
    coverage: tuple[DocumentCoverage, ...]


class MetricValue(Part):
    """A mean over n rows with a 95 % interval; `failed` of them have no reply and count as the worst value."""

    metric: str
    system: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    failed: int
    higher_is_better: bool = True


class PairedOutcome(Part):
    """How many questions each system got right, for a metric of 0 or 1, and McNemar's exact p."""

    both: int
    only_base: int
    only_tuned: int
    neither: int
    p: float


class Difference(Part):
    """Paired difference tuned - base of a metric, with a 95 % interval clustered by group.

    `detectable` is the smallest true difference that n rows like these show in four runs out of five. `p` is that of
    no difference, `p_family` the same by Holm over all differences of the report.
    """

    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    higher_is_better: bool = True
    detectable: float | None = None
    p: float | None = None
    p_family: float | None = None
    paired: PairedOutcome | None = None


class SliceValue(Part):
    """A mean over those rows that share a property, such as ("oracle", "absent")."""

    part: str
    label: str
    metric: str
    system: str
    value: float | None
    n: int


class AbstentionCount(Part):
    """How often a system abstained, with the answer in the documents and without it."""

    system: str
    present_answered: int
    present_abstained: int
    absent_answered: int
    absent_abstained: int


class ErrorCount(Part):
    """Replies of a system that are wrong for one cause (see `anatomy.cause_of`), of `n`, and one of them."""

    system: str
    cause: str
    count: int
    n: int
    example: str
    question: str
    reference: str
    reply: str


class FunnelCount(Part):
    """Examples of a split that teach a behaviour, and the groups they come from."""

    split: Split
    behaviour: str
    examples: int
    groups: int


class CurvePoint(Part):
    """Losses at a training step, where they were measured."""

    step: int
    train_loss: float | None
    validation_loss: float | None


class RowReply(Part):
    """What a system replied to one question, and (metric, value) where the metric applies."""

    system: str
    text: str
    finish_reason: str
    values: tuple[tuple[str, float | None], ...]


class ReportRow(Part):
    """A test question as the report shows it; `outcome` names the system whose answer is better."""

    example: str
    question: str
    documents: tuple[str, ...]
    oracle: int | None
    quotes: tuple[str, ...]
    reference: str
    behaviour: str
    source: str
    outcome: Literal["tuned", "base", "same"]
    replies: tuple[RowReply, ...]


class Report(Record):
    """All numbers of the report; the HTML page and report.json are drawn from it.

    `helped` is True or False where the headline metrics agree, and None for a mixed result or none shown.
    """

    name: str
    verdict: str
    helped: bool | None
    systems: tuple[str, ...]
    metrics: tuple[MetricValue, ...]
    differences: tuple[Difference, ...]
    facts: tuple[tuple[str, str], ...]
    language: Language
    base: str = "base"
    tuned: str = "tuned"
    note: str = ""
    warnings: tuple[str, ...] = ()
    questions: int = 0
    groups: int = 0
    shared_groups: int = 0
    slices: tuple[SliceValue, ...] = ()
    abstentions: tuple[AbstentionCount, ...] = ()
    errors: tuple[ErrorCount, ...] = ()
    funnel: tuple[FunnelCount, ...] = ()
    rejected: tuple[tuple[str, int], ...] = ()
    description: DatasetDescription | None = None
    curve: tuple[CurvePoint, ...] = ()
    rows: tuple[ReportRow, ...] = ()
