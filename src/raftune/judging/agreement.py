"""Whether our grades and RAGAS's values for the same rows agree, and where they do not, why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from raftune.contracts import Outcome
from raftune.digest import Json
from raftune.judging.grader import FACTS, LIKENESS, Graded
from raftune.judging.ragas_process import Theirs
from raftune.judging.replies import MOST_CLAIMS, plain

ROUNDING = 1e-5
"""Our grades are rounded to six digits, and vectors have single precision."""
LEAST = 3
SPLIT = "StatementGeneratorOutput"
JUDGED_IN = {"NLIStatementOutput": ("statements",), "ClassificationWithReason": ("TP", "FP")}
"""The parts of RAGAS's forms that hold the answer's statements."""

Cause = Literal[
    "",
    "empty answer",
    "abstention",
    "no documents",
    "no statements",
    "verdicts missing",
    "no value from RAGAS",
    "no value from us",
    "evasive",
    "below zero",
    "too many claims",
    "repeated claims",
    "judge said otherwise",
]


@dataclass(frozen=True)
class Pair:
    """A row's grade and RAGAS's value; `cause` says why they differ, "" where they agree.

    `sound`: RAGAS has a value, and the judge's replies that it is made of say something about every statement.
    """

    metric: str
    case: Graded
    ours: Outcome
    theirs: Theirs
    cause: Cause
    sound: bool


@dataclass(frozen=True)
class Agreement:
    """A metric over all rows: how many were compared, how many agree, Pearson's correlation where both have values."""

    metric: str
    compared: int
    agreeing: int
    correlation: float | None
    causes: dict[str, int]


def paired(
    cases: Sequence[Graded], ours: Sequence[Mapping[str, Outcome]], theirs: Sequence[Mapping[str, Theirs]]
) -> list[Pair]:
    """A pair for each row and metric that both sides know."""
    return [
        Pair(metric, case, mine[metric], other, cause_of(metric, case, mine[metric], other), is_sound(other))
        for case, mine, others in zip(cases, ours, theirs, strict=True)
        for metric, other in others.items()
        if metric in mine
    ]


def agreements(pairs: Iterable[Pair]) -> list[Agreement]:
    """An agreement for each metric, in the order of the pairs; `compared` are those where RAGAS has a value."""
    by_metric: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_metric.setdefault(pair.metric, []).append(pair)
    found = []
    for metric, some in by_metric.items():
        compared = sum(pair.theirs.value is not None for pair in some)
        agreeing = sum(pair.theirs.value is not None and not pair.cause for pair in some)
        causes = Counter(str(pair.cause) for pair in some if pair.cause)
        found.append(Agreement(metric, compared, agreeing, correlation(some), dict(causes)))
    return found


def correlation(pairs: Sequence[Pair]) -> float | None:
    """Pearson's correlation over the rows where both have a value; None for under 3, or where one side is constant."""
    import numpy as np

    both = [(one.ours.value, one.theirs.value) for one in pairs if None not in (one.ours.value, one.theirs.value)]
    if len(both) < LEAST:
        return None
    values = np.array(both, dtype=float)
    if (np.ptp(values, axis=0) <= ROUNDING).any():
        return None
    return round(float(np.corrcoef(values.T)[0, 1]), 6)


def cause_of(metric: str, case: Graded, ours: Outcome, theirs: Theirs) -> Cause:
    """Why the two differ: what can be seen in the row and in the judge's replies first, what is left last."""
    value = theirs.value
    if ours.value is None and value is None:
        return ""
    if ours.value is not None and value is not None and abs(ours.value - value) <= ROUNDING:
        return ""
    if not case.answer.strip():
        return "empty answer"
    if case.abstains:
        return "abstention"
    if metric == "faithfulness" and not case.documents:
        return "no documents"
    if value is None:
        return "no value from RAGAS"
    if fault := fault_in(theirs):
        return fault
    if ours.value is None:
        return "no value from us"
    return by_value(theirs, value)


def by_value(theirs: Theirs, value: float) -> Cause:
    """Why two sound values differ."""
    if likeness_in(theirs, value) < 0:
        return "below zero"
    if flags := [content["noncommittal"] for name, content in theirs.replies if name == "AnswerRelevanceOutput"]:
        return "evasive" if all(flags) else "judge said otherwise"
    if max(statements_in(theirs), default=0) > MOST_CLAIMS:
        return "too many claims"
    return "repeated claims" if repeats(theirs) else "judge said otherwise"


def likeness_in(theirs: Theirs, value: float) -> float:
    """The cosine in a value: what correctness has beside the F1 of its claims, else the value itself."""
    for name, content in theirs.replies:
        if name == "ClassificationWithReason":
            true, false, missing = (len(content[part]) for part in ("TP", "FP", "FN"))
            facts = true / (true + 0.5 * (false + missing)) if true else 0.0
            return (value - FACTS * facts) / LIKENESS + ROUNDING
    return value


def repeats(theirs: Theirs) -> bool:
    """Whether a text was split into statements of which some are the same."""
    texts = [content["statements"] for name, content in theirs.replies if name == SPLIT]
    return any(len({plain(one) for one in some}) < len(some) for some in texts)


def is_sound(theirs: Theirs) -> bool:
    """Whether RAGAS has a value that its own definition supports."""
    return theirs.value is not None and not fault_in(theirs)


def fault_in(theirs: Theirs) -> Cause:
    """What the judge's replies lack that RAGAS made its value of, or ""."""
    counts = statements_in(theirs)
    if 0 in counts:
        return "no statements"
    missing = any(judged_in(name, content) != counts[0] for name, content in theirs.replies if name in JUDGED_IN)
    return "verdicts missing" if missing else ""


def statements_in(theirs: Theirs) -> list[int]:
    """How many statements a text was split into, for each text that was; the answer comes first."""
    return [len(content["statements"]) for name, content in theirs.replies if name == SPLIT]


def judged_in(name: str, content: Json) -> int:
    """How many of the answer's statements a reply says something about."""
    return sum(len(content[part]) for part in JUDGED_IN[name])
