"""Arms of bench/layouts.py: trained and scored once, kept in a file of JSON lines."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from layout_answers import answered
from layout_scores import Scores, scored, summary
from layout_sets import Course
from raftune.contracts import TrainingJob
from raftune.digest import Json, digest
from raftune.models.weights import load_model, load_tokenizer
from raftune.prompts.raft import default_prompt
from raftune.records import Example
from raftune.trainers.lora import plug
from raftune.training.job import ADAPTER
from raftune.training.loop import SPEED

BASE, OTHER_SEED = "base", 1000


@dataclass(frozen=True)
class Arms:
    """What all arms have in common; `kept` is the file of what is done, `work` the folder of runs."""

    arguments: argparse.Namespace
    course: Course
    folder: Path
    kept: Path
    work: Path

    def done(self) -> dict[str, dict[str, Json]]:
        """The kept lines of these settings, by arm."""
        lines = self.kept.read_text(encoding="utf-8").splitlines() if self.kept.exists() else []
        found = [json.loads(line) for line in lines]
        return {line["arm"]: line for line in found if line["settings"] == self.settings}

    @property
    def settings(self) -> str:
        """The digest of what decides the figures."""
        free = ("keep", "json", "arms", "data", "project")
        options = {name: str(value) for name, value in vars(self.arguments).items() if name not in free}
        asked = [answer.id for answer in self.course.questions.answers]
        return digest([options, asked, [example.id for example in self.course.held_out]])

    def line(self, arm: str, examples: Sequence[Example] = (), epochs: int = 1) -> dict[str, Json]:
        """What is kept of an arm: found, or trained, scored and written now."""
        if arm in (done := self.done()):
            return done[arm]
        work = self.work / f"{arm}-{self.settings}"
        figures = trained(self, arm, examples, epochs, work) if examples else {}
        scores = score(self, work / "output" / ADAPTER if examples else None)
        line = {"arm": arm, "settings": self.settings, "figures": figures, "scores": scores.as_json()}
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        with self.kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(f"{arm}: {figures | summary(scores, self.course.held_out, self.course.labels)}", file=sys.stderr)
        return line


def trained(arms: Arms, arm: str, examples: Sequence[Example], epochs: int, work: Path) -> dict[str, Json]:
    """Trains an arm, or goes on with it; its figures."""
    marks, options = arm.partition("@")[0].split("+")[1:], arms.arguments
    job = TrainingJob(
        training=examples,
        validation=(),
        student=options.student,
        prompt=default_prompt().model_dump(mode="json"),
        options={
            "epochs": epochs,
            "kind": "activated" if "activated" in marks else "lora",
            "learning_rate": options.learning_rate,
            "rank": options.rank,
            "examples_per_step": options.examples_per_step,
            "sets_per_step": options.sets_per_step,
            "threads": options.threads,
        },
        seed=options.seed + ("again" in marks) * OTHER_SEED,
        work=work / "work",
        output=work / "output",
        progress=lambda done, total, words: print(f"{arm}: {done}/{total} {words}", file=sys.stderr),
        track=lambda *_: None,
    )
    model = plug.train(job)
    steps = steps_of(work / "work" / SPEED)
    return {
        "seconds": round(sum(step["seconds"] for step in steps), 1),
        "examples_seen": len(examples) if len({example.draw for example in examples}) > 1 else len(examples) * epochs,
        "steps": len(steps),
        "tokens": round(sum(step["tokens"] for step in steps)),
        "tokens_read": round(sum(step["tokens_read"] for step in steps)),
        "train_loss": model.train_loss,
        "step_seconds": [step["seconds"] for step in steps],
    }


def steps_of(path: Path) -> list[dict[str, float]]:
    """What the trainer noted of each step; of one that was done again after a stop, the last time."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = {line["step"]: {name: float(value) for name, value in line.items()} for line in csv.DictReader(file)}
    return list(lines.values())


def score(arms: Arms, adapter: Path | None) -> Scores:
    """The held-out scores of the student with an adapter, or without one."""
    import torch

    if arms.arguments.threads:
        torch.set_num_threads(arms.arguments.threads)
    model, tokenizer = load_model(arms.folder, adapter), load_tokenizer(arms.folder)
    scores = scored(model, tokenizer, default_prompt(), arms.course.held_out, arms.course.labels)
    if arms.course.labels:
        return scores
    return replace(scores, answers=answered(arms.folder, adapter, arms.course.held_out))


def epochs_within(seconds: float, step_seconds: Sequence[float], epochs: int) -> float:
    """How many epochs, at least one, fit into `seconds`, by the steps of a run of `epochs`; a first may take longer."""
    each = len(step_seconds) // epochs
    first = sum(step_seconds[:each])
    later = sum(step_seconds[each:]) / (epochs - 1) if epochs > 1 else first
    return max(1.0, 1 + (seconds - first) / later)
