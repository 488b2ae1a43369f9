"""The stages of a project as a row of cards: what each made, left out, took and cost, and where a run is."""

from dataclasses import dataclass
from typing import Literal

from raftune.api import Project
from raftune.following import Note
from raftune.remembering.spending import money
from raftune.standing import spent_by_stage

Course = Literal["new", "stored", "running", "waiting", "failed", "stopped"]


@dataclass(frozen=True)
class StageView:
    """A stage: rows that it made, those it left out by reason, seconds and dollars it took."""

    name: str
    course: Course
    rows: int | None
    rejected: tuple[tuple[str, int], ...]
    seconds: float | None
    spent: str
    foreseen: str
    note: Note | None = None

    @property
    def left_out(self) -> int:
        """How many rows were left out."""
        return sum(count for _, count in self.rejected)


def stage_views(project: Project, note: Note | None) -> list[StageView]:
    """The stages that the settings ask for, in their order."""
    spent = spent_by_stage(project)
    last = {line["stage"]: line for line in project.journal.lines()}
    views = []
    for stage in project.settings.stages:
        line = last.get(stage.name, {})
        key = str(line.get("key", ""))
        found = project.store.find(stage.name, key, stage.row_type) if key else None
        here = note if note is not None and note.stage == stage.name and note.course != "finished" else None
        paid = spent.get(stage.name)
        views.append(
            StageView(
                stage.name,
                course_of(here, stored=found is not None),
                None if found is None else len(found),
                () if found is None else found.rejected,
                None if found is None else project.journal.seconds(stage.name, key),
                "" if paid is None or not paid.requests else money(paid.dollars) + ("+" if paid.unpriced else ""),
                foreseen(project.journal.estimate(stage.name, key)),
                here,
            )
        )
    return views


def course_of(note: Note | None, *, stored: bool) -> Course:
    """Where a stage stands; a run that was stopped in it counts only until the stage is stored."""
    if note is not None and note.course != "finished" and not (stored and note.course == "stopped"):
        return note.course
    return "stored" if stored else "new"


def foreseen(estimate: object) -> str:
    """The dollars that a stage was to take, "" where that was not said."""
    dollars = estimate.get("dollars") if isinstance(estimate, dict) else None
    return "" if not dollars else money(float(dollars))
