"""Replies -> scores by the benchmark's metrics, each against the documents that its system was shown."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from raftune.classes import Labels
from raftune.comparison import is_grounded
from raftune.contexts import Contexts, system_of
from raftune.contracts import Metric, Outcome, ParsedReply
from raftune.metrics.choice import plug as choice
from raftune.parsing import parsed
from raftune.records import Example, Prediction, Score
from raftune.registry import load
from raftune.replication.course import Course
from raftune.stages.evaluate import scores_of
from raftune.tables import MACRO_F1

QUOTE_SUPPORTED = "quote_supported"


@dataclass
class QuoteSupported:
    """1 if there is a quote of at least 3 words or 10 characters, and all stand in documents that hold the answer.

    `right` are the passages that hold an answer, by its id, where there is more than the oracle.
    """

    right: Mapping[str, frozenset[str]]
    name: str = QUOTE_SUPPORTED
    higher_is_better: bool = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where no such document is shown."""
        oracle = frozenset() if example.oracle is None else {example.documents[example.oracle].chunk}
        right = self.right.get(example.answer, oracle)
        texts = [document.text for document in example.documents if document.chunk in right]
        return Outcome(float(is_grounded(reply.quotes, texts))) if texts else Outcome(None, "not_applicable")


@dataclass
class Marks:
    """Scores of many replies, and the choices they make where a question has a closed set of answers."""

    scores: list[Score] = field(default_factory=list)
    labels: dict[str, Labels] = field(default_factory=dict)

    def add(self, others: "Marks") -> None:
        """Takes the marks of other systems in."""
        self.scores += others.scores
        self.labels |= others.labels

    def among(self, examples: Iterable[Example]) -> "Marks":
        """The marks of some examples."""
        ids = {example.id for example in examples}
        scores = [score for score in self.scores if score.example in ids]
        return Marks(scores, {system: chosen(labels, ids) for system, labels in self.labels.items()})


def chosen(labels: Labels, ids: AbstractSet[str]) -> Labels:
    """The choices of some examples."""
    return {example: pair for example, pair in labels.items() if example in ids}


@dataclass(frozen=True)
class Scoring:
    """Scores replies to examples: those that were asked together, since they lend each other distractors."""

    metrics: Sequence[Metric]
    examples: Sequence[Example]
    seed: int

    def marks(self, predictions: Iterable[Prediction], systems: Mapping[str, str]) -> Marks:
        """All scores; `systems` by the names that their replies are kept under. What could not be shown has none."""
        by_id = {example.id: example for example in self.examples}
        contexts = Contexts(self.examples, self.seed)
        marks = Marks()
        for prediction in predictions:
            example = by_id[prediction.example]
            context = system_of(systems.get(prediction.system, "base")).context
            shown = contexts.shown(example, context, prediction.retrieved)
            marks.scores += scores_of(self.metrics, example, shown, prediction)
            if shown is not None and (labels := choice.labels(shown, parsed(prediction.reply))):
                named = dict(marks.labels.get(prediction.system, {}))
                marks.labels[prediction.system] = named | {example.id: labels}
        return marks


def metrics_of(names: Sequence[str], course: Course) -> list[Metric]:
    """The metrics of those names: the course's own, the one about quotes, and plugs. Macro-F1 is made of labels."""
    right = {one.answer.id: one.right for one in course.given} | dict(course.right)
    own: dict[str, Metric] = {metric.name: metric for metric in course.metrics}
    own[QUOTE_SUPPORTED] = QuoteSupported(right)
    return [own[name] if name in own else load("metrics", name) for name in names if name != MACRO_F1]
