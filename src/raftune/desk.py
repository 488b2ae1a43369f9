"""What people look at and decide about: answers to review, single examples, what the training set is made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from raftune import metrics as metric_files
from raftune.api import Project, find_row, history, open_project, stored
from raftune.artifact import Artifact
from raftune.comparing import Change, changes, run_named
from raftune.digest import digest
from raftune.errors import ConfigError
from raftune.pipeline import STAGES
from raftune.prompts.raft import default_prompt, without_marks
from raftune.records import Answer, Chunk, Example, Prediction, Score
from raftune.registry import load
from raftune.report_records import DatasetDescription
from raftune.reviewing.folding import Tally, tally
from raftune.reviewing.labels import add_rows
from raftune.reviewing.log import append_decisions, list_decisions
from raftune.reviewing.rows import Imported, Reviewed, decisions_of, review_rows, reviewed
from raftune.reviewing.sheets import read_sheet, write_sheet


@dataclass(frozen=True)
class ShownExample:
    """An example, what is to be written, and where its oracle and each of its documents come from ("" if unknown)."""

    example: Example
    target: str
    place: str
    places: tuple[str, ...]


def example(project: Project, start: str) -> ShownExample:
    """The only example whose id begins with `start`, for reading. Raises ConfigError."""
    row = find_row(project, start, ("assemble",))
    if not isinstance(row, Example):
        raise ConfigError(f"{start!r} is no example.", "`raftune show assemble` prints their ids.")
    wanted = {document.chunk for document in row.documents}
    answers = stored(project, "review").beginning(row.answer)
    wanted |= (oracle := {one.chunk for one in answers if isinstance(one, Answer)})
    chunks = chunks_by_id(project, wanted)
    places = {name: place_words(chunk) for name, chunk in chunks.items()}
    place = next((places[name] for name in oracle if name in places), row.source)
    shown = tuple(places.get(document.chunk, "") for document in row.documents)
    return ShownExample(row, default_prompt().target(row), place, shown)


def place_words(chunk: Chunk) -> str:
    """A chunk's file and pages: rules.pdf, page 3."""
    pages = ", ".join(map(str, chunk.pages))
    return f"{chunk.path}, page{'s' * (len(chunk.pages) > 1)} {pages}" if pages else chunk.path


def chunks_by_id(project: Project, wanted: Collection[str]) -> dict[str, Chunk]:
    """The chunks of those ids, from the latest artifacts that hold them; those that are not stored are left out."""
    chunks: dict[str, Chunk] = {}
    for artifact in history(project, "chunk"):
        if chunks.keys() >= set(wanted):
            break
        chunks |= {row.id: row for row in artifact if row.id in wanted}
    return chunks


def description(project: Project) -> DatasetDescription:
    """What the training set is made of. Raises ConfigError before it was assembled."""
    row = next(iter(stored(project, "describe")))
    if not isinstance(row, DatasetDescription):
        raise ConfigError("The training set is not described.", "Run `raftune run --until describe` first.")
    return row


def review_tally(project: Project) -> Tally:
    """How many answers were accepted, edited, rejected, and wait. Raises ConfigError before there are answers."""
    return tally(reviewable(project), list_decisions(project.decisions))


def export_review(project: Project, path: Path, *, undecided: bool) -> int:
    """Writes a row for each answer (or each undecided one) to a .jsonl or .csv file; gives their number.

    Raises ConfigError.
    """
    return write_sheet(path, review_rows(known_reviews(project), undecided=undecided))


def import_review(project: Project, path: Path, who: str, when: datetime) -> Imported:
    """Adds the decisions of a filled-in file to the log; rows that cannot be taken are named in what comes back.

    Raises ConfigError where the file cannot be read.
    """
    rows = read_sheet(path)
    moment = when.astimezone(UTC).isoformat(timespec="seconds")
    found = decisions_of(rows, known_reviews(project), who, moment)
    if found.decisions:
        append_decisions(project.decisions, found.decisions)
    return found


def reviewable(project: Project) -> Artifact[Any]:
    """The answers that people decide about: those that `review` is given."""
    names = [stage.name for stage in STAGES]
    return stored(project, names[names.index("review") - 1])


def known_reviews(project: Project) -> Reviewed:
    """The answers to decide about, their chunks, and what was decided so far."""
    answers = list(reviewable(project))
    chunks = chunks_by_id(project, {answer.chunk for answer in answers})
    return reviewed(answers, chunks.values(), list_decisions(project.decisions))


def label_sheet(project: Project, metric: str, rows: int) -> int:
    """Adds answers that a judge graded by a metric to labels.csv, for people to fill in; gives their number.

    They are drawn at random, the same again for the same seed, as many of each system that the report compares; those
    that are in the file already are counted. Raises ConfigError before there are grades by it.
    """
    config, seed = project.settings.report, project.settings.seed
    graded = [row for row in stored(project, "grade") if isinstance(row, Score) and row.metric == metric]
    if not graded:
        raise ConfigError(f"No judge has graded by {metric!r}.", "Name it under [grade] metrics, and run.")
    replies = {(row.example, row.system): row for row in stored(project, "predict") if isinstance(row, Prediction)}
    examples = {row.id: row for row in stored(project, "assemble") if isinstance(row, Example)}
    wanted: list[Score] = []
    for system in (config.base, config.tuned):
        scored = [row for row in graded if row.system == system and row.value is not None]
        wanted += sorted(scored, key=lambda row: digest([seed, "label", metric, row.example]))[: rows // 2]
    return add_rows(
        project.labels, (label_row(row, examples[row.example], replies[row.example, row.system]) for row in wanted)
    )


def label_row(score: Score, example: Example, reply: Prediction) -> dict[str, str]:
    """A row of labels.csv: the judge's grade is not shown, so that it does not sway anybody."""
    return {
        "example": score.example,
        "system": score.system,
        "metric": score.metric,
        "question": example.text,
        "reference": example.reference,
        "reply": without_marks(reply.reply),
        "documents": "\n\n".join(document.text for document in example.documents),
    }


def compared(
    project: Project, old: str = "", new: str = "", *, against: Path | None = None, system: str = "tuned"
) -> tuple[str, str, list[Change]]:
    """Digests of two evaluations and what changed for a system: the last two of the project, or those whose digests
    begin with `old` and `new`; with `against` the old one is another project's.

    Raises ConfigError where one is missing, or they have no questions in common.
    """
    runs = history(project, "evaluate")
    others = runs if against is None else history(open_project(against), "evaluate")
    first, second = run_named(others, old, 1 if against is None else 0), run_named(runs, new, 0)
    metrics = {score.metric for score in second} & {module.name for module in iter_modules(metric_files.__path__)}
    lower = {name for name in metrics if not load("metrics", name).higher_is_better}
    found = changes(first, second, system, lower, project.settings.seed)
    if not found:
        raise ConfigError(
            f"The evaluations have no answers of {system} in common.", "They need the same test questions."
        )
    return first.digest, second.digest, found
