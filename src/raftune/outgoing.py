"""What leaves a project for other programs: the training set in their formats, the tuned student as one folder."""

import re
from dataclasses import fields
from pathlib import Path

from raftune.api import Project, stored
from raftune.contracts import Exporter
from raftune.errors import ConfigError
from raftune.exporting.gguf_file import Numbers
from raftune.exporting.lineage import lineage
from raftune.exporting.origin import Origin
from raftune.exporting.rows import chosen
from raftune.exporting.running_it import Named
from raftune.exporting.sets import Counting, Exported, Order, export_set
from raftune.exporting.snippets import Tuning, hub_name
from raftune.exporting.tuned import Form, Kind, write_tuned
from raftune.models.tokens import tokens_of
from raftune.pipeline import STAGES
from raftune.prompts.raft import default_prompt
from raftune.records import Example, TrainedModel
from raftune.registry import load
from raftune.report_records import Report
from raftune.training.options import LoraOptions


def export_rows(project: Project, order: Order, folder: Path | None = None) -> Exported:
    """Writes the latest examples in a format to a folder, exports/FORMAT in the project where none is given.

    Raises ConfigError before examples are assembled, for an unknown format or a folder that holds other files.
    """
    exporter: Exporter = load("exporters", order.form)
    stored(project, "assemble")
    steps = lineage(project.store, project.journal, STAGES, "assemble")
    settings, tokens = project.settings, tokens_of(project.student_name)
    shared = set(LoraOptions.model_fields) & {field.name for field in fields(Tuning)}
    student = hub_name(settings.student.model)
    default = project.folder / "exports" / (order.form if order.rows == "raft" else f"{order.form}-{order.rows}")
    return export_set(
        order,
        exporter,
        chosen(steps["assemble"].artifact, order.rows),
        default_prompt(),
        Origin(settings.name, settings.seed, settings.teacher.model_dump(), settings.licences, steps),
        Counting(student, tokens.measure, tokens.file is not None),
        Tuning(model=student, seed=settings.seed, **settings.train.model_dump(include=shared)),
        folder or default,
    )


def export_model(
    project: Project, kind: Kind, folder: Path | None = None, numbers: Numbers = "f16", *, force: bool = False
) -> Path:
    """Writes the tuned student for other programs, exports/KIND in the project where no folder is given.

    `numbers` are those of a GGUF file. Returns the folder. Raises ConfigError before a run, and as `write_tuned`.
    """
    artifact = stored(project, "train")
    (model,) = (row for row in artifact if isinstance(row, TrainedModel))
    target, settings = folder or project.folder / "exports" / kind, project.settings
    languages = sorted({row.language for row in stored(project, "assemble") if isinstance(row, Example)})
    base = hub_name(settings.student.model)
    named = Named(name_for_programs(settings.name), base, settings.student.context, tuple(languages))
    form = Form(kind, named, numbers, report_on(project, model))
    write_tuned(project.student_name, model, artifact.file(model.adapter), target, form, force=force)
    return target


def report_on(project: Project, model: TrainedModel) -> Report | None:
    """The latest report, where there is one and it is about this model."""
    try:
        found = next(iter(stored(project, "report")), None)
    except ConfigError:
        return None
    if not isinstance(found, Report) or ("adapter", model.adapter_sha256) not in found.facts:
        return None
    return found


def name_for_programs(name: str) -> str:
    """A project's name in small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "raftune"
