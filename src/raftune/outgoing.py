"""What leaves a project for other programs: the training set in their formats, the tuned student as one folder."""

import re
from dataclasses import fields
from pathlib import Path

from raftune.api import Project, stored
from raftune.contracts import Exporter
from raftune.exporting.gguf_file import Numbers
from raftune.exporting.lineage import lineage
from raftune.exporting.merged import Form, write_merged
from raftune.exporting.origin import Origin
from raftune.exporting.rows import chosen
from raftune.exporting.sets import Counting, Exported, Order, export_set
from raftune.exporting.snippets import Tuning, hub_name
from raftune.models.tokens import tokens_of
from raftune.pipeline import STAGES
from raftune.prompts.raft import default_prompt
from raftune.records import TrainedModel
from raftune.registry import load
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


def export_merged(
    project: Project, folder: Path | None = None, numbers: Numbers | None = None, *, force: bool = False
) -> Path:
    """Writes the tuned student as one model folder, exports/merged or exports/gguf in the project where none is given.

    `numbers` are those of a GGUF file; without them it is safetensors. Returns the folder. Raises ConfigError before a
    run, and as `write_merged`.
    """
    artifact = stored(project, "train")
    (model,) = (row for row in artifact if isinstance(row, TrainedModel))
    target = folder or project.folder / "exports" / ("gguf" if numbers else "merged")
    form = Form(name_for_programs(project.settings.name), numbers, project.settings.student.context)
    write_merged(project.student_name, model, artifact.file(model.adapter), target, form, force=force)
    return target


def name_for_programs(name: str) -> str:
    """A project's name in small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "raftune"
