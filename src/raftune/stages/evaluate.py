"""Predictions -> one score for each prediction and metric."""

from collections.abc import AsyncIterator, Iterator, Sequence

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contexts import Contexts, system_of
from raftune.contracts import Metric, Outcome
from raftune.errors import StoreError
from raftune.parsing import parsed
from raftune.records import Example, Prediction, Score, Split
from raftune.stage import StageConfig, Tools, rows_by_id, stage

NOT_SHOWN = Outcome(None, "not_applicable")
METRICS = (
    "quote_from_oracle",
    "quote_verbatim",
    "quote_lenient",
    "token_f1_lenient",
    "token_f1",
    "exact_match",
    "abstention_recall",
    "over_refusal",
    "format",
)


class EvaluateConfig(StageConfig):
    """What is measured."""

    metrics: tuple[str, ...] = Field(default=METRICS, min_length=1)
    """Files in `metrics/`, in the order of the report."""


@stage(version=1, row_type=Score)
async def evaluate(
    tools: Tools, config: EvaluateConfig, predictions: Artifact[Prediction], examples: Artifact[Example]
) -> AsyncIterator[Score]:
    """Scores in the order of the predictions. Raises StoreError for a prediction of an example that is not there."""
    asked = rows_by_id(examples)
    contexts: dict[Split, Contexts] = {}
    metrics = tools.plugs.metrics(config.metrics)
    for done, prediction in enumerate(predictions, 1):
        example = asked.get(prediction.example)
        if example is None:
            raise StoreError(
                f"The prediction {prediction.id} belongs to an example that is not there.", "Run `predict` again."
            )
        if example.split not in contexts:
            contexts[example.split] = Contexts(
                [one for one in asked.values() if one.split == example.split], tools.seed
            )
        shown = contexts[example.split].shown(example, system_of(prediction.system).context, prediction.retrieved)
        for score in scores_of(metrics, example, shown, prediction):
            yield score
        tools.progress(done, len(predictions), "")


def scores_of(
    metrics: Sequence[Metric], example: Example, shown: Example | None, prediction: Prediction
) -> Iterator[Score]:
    """A reply's scores against the example as its system was shown it; None: as it could not be shown."""
    for metric in metrics:
        outcome = NOT_SHOWN if shown is None else judged(metric, shown, prediction)
        yield Score(
            example=example.id,
            system=prediction.system,
            metric=metric.name,
            value=outcome.value,
            state=outcome.state,
            group=example.group,
        )


def judged(metric: Metric, example: Example, prediction: Prediction) -> Outcome:
    """A metric's outcome; "failed" for a reply that could not be had, wherever the metric applies."""
    if prediction.finish_reason != "failed":
        return metric.score(example, parsed(prediction.reply))
    outcome = metric.score(example, parsed(""))
    return outcome if outcome.state == "not_applicable" else Outcome(None, "failed")
