"""The same questions in each layout, by the assemble stage, and held-out ones in the independent layout."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from assembling import Plugs, stored
from layout_questions import LABELS, Questions, items_of, questions_of
from raftune import api
from raftune.artifact import Draft
from raftune.digest import digest
from raftune.engines.local import LocalEngine
from raftune.records import Answer, Chunk, Example
from raftune.stage import Tools
from raftune.stages.assemble import AssembleConfig, assemble

INDEPENDENT = "independent"


@dataclass(frozen=True)
class Course:
    """What an arm learns from, by its layout, and the held-out examples that all arms are scored on.

    `labels` are the answers that a task is closed over; none: its answers are free text.
    """

    questions: Questions
    config: AssembleConfig
    seed: int
    held_out: Sequence[Example]
    labels: tuple[str, ...] = ()
    known: dict[str, list[Example]] = field(default_factory=dict)

    def training(self, layout: str) -> list[Example]:
        """The training examples in a layout: the same questions in each."""
        if layout not in self.known:
            made = assembled(self.questions, self.config.model_copy(update={"layout": layout}), self.seed)
            self.known[layout] = [example for example in made if example.split == "train"]
        return self.known[layout]


def pubmedqa(
    data: Path, examples: int, held_out: int, documents: int, size: int, count: Callable[[str], int]
) -> Course:
    """Questions whose documents are all shown with the oracle among them: `documents` of about `size` tokens."""
    learned, held = (questions_of(items, size, count) for items in items_of(data, examples, held_out))
    config = AssembleConfig(
        distractors=documents - 1, oracle_share=1.0, validation=0.0, test=0.0, layout=INDEPENDENT, document_share=0.0
    )
    return Course(learned, config, 0, assembled(held, config, 0), LABELS)


def demo(folder: Path, examples: int, held_out: int) -> Course:
    """The project in `folder` up to its reviewed answers, made in a copy; about `examples` of its training answers."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "project"
        shutil.copytree(folder, copy)
        subprocess.run([sys.executable, "-m", "raftune", "run", "--until", "review", "--quiet"], cwd=copy, check=True)
        project = api.open_project(copy)
        every = Questions(
            tuple(cast("Sequence[Chunk]", list(api.stored(project, "chunk")))),
            tuple(cast("Sequence[Answer]", list(api.stored(project, "review")))),
        )
    config = project.settings.assemble.model_copy(update={"layout": INDEPENDENT})
    whole = assembled(every, config, project.settings.seed)
    held = [example for example in whole if example.split != "train"]
    learned = {example.answer for example in whole if example.split == "train"}
    chosen = some({answer.id: answer.chunk for answer in every.answers if answer.id in learned}, examples)
    kept = Questions(every.chunks, tuple(one for one in every.answers if one.id not in learned or one.id in chosen))
    scored = some({example.id: example.group for example in held}, held_out)
    return Course(kept, config, project.settings.seed, [example for example in held if example.id in scored])


def some(passages: dict[str, str], wanted: int) -> set[str]:
    """The names in `passages` (name: passage) of whole passages in a random order, until `wanted` are there."""
    chosen: set[str] = set()
    for passage in sorted(set(passages.values()), key=lambda passage: digest(["layouts", passage])):
        if len(chosen) >= wanted:
            break
        chosen |= {name for name, held in passages.items() if held == passage}
    return chosen


def assembled(questions: Questions, config: AssembleConfig, seed: int) -> list[Example]:
    """All examples that the assemble stage makes of the questions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("assemble", "work"):
            (folder / part).mkdir()
        draft, plugs = Draft(folder / "assemble", "assemble", {}), cast("Any", Plugs())
        tools = Tools(seed, plugs, LocalEngine(), draft, folder / "work", lambda *_: None)
        answers = stored(folder, "answer", questions.answers, Answer)
        chunks = stored(folder, "chunk", questions.chunks, Chunk)

        async def made() -> list[Example]:
            return [example async for example in assemble.run(tools, config, answers, chunks)]

        return asyncio.run(made())


def longer(examples: Sequence[Example], epochs: float) -> list[Example]:
    """Examples for ceil(`epochs`) epochs: one draw an epoch, the last one with that share of the document sets."""
    sets = sorted({example.document_set for example in examples}, key=lambda name: digest(["longer", name]))
    whole, part = divmod(epochs, 1)
    draws = [frozenset(sets)] * int(whole) + [frozenset(sets[: round(part * len(sets))])]
    return [
        example.changed(draw=draw)
        for draw, shown in enumerate(draws)
        for example in examples
        if example.document_set in shown
    ]
