"""Does training learn as well from grouped and clustered documents, and with activated LoRA, as from independent ones?

python bench/layouts.py [--task pubmedqa|demo] [--data FOLDER] [--project FOLDER] [--arms independent clustered ...]
    [--examples 120] [--documents 3] [--epochs 1] [--keep FILE.jsonl] [--json]

An arm is a layout of the assemble stage; "+activated" trains it with activated LoRA, "+again" with another seed:
independent+again shows how far two runs of the same kind lie apart. All arms see the same questions as often. Beside
that, an arm "@time" is trained for as long as independent was: by as many epochs, the last one in part, as fit by what
its first run took, with the learning rate's schedule for that number. Held-out examples have the independent layout for
all arms. Differences are to independent: [low, middle, high] of 95 %, by passages. What --keep holds is not run again.
In PubMedQA each passage has one question, so grouped is independent there.
"""

import argparse
import json
import multiprocessing
import platform
import tempfile
from pathlib import Path
from typing import Any

from layout_arms import BASE, Arms, epochs_within
from layout_scores import Scores, differences, summary
from layout_sets import INDEPENDENT, Course, demo, longer, pubmedqa
from raftune.digest import Json
from raftune.models.student import find_student, safetensors_folder
from raftune.models.weights import load_tokenizer

DEFAULT = {"pubmedqa": ("clustered", "clustered+activated"), "demo": ("grouped", "clustered", "clustered+activated")}
MARKS = ("activated", "again")
HERE = Path(__file__).parent


def measured(arms: Arms) -> dict[str, Json]:
    """All arms."""
    course, epochs = arms.course, arms.arguments.epochs
    base = arms.line(BASE)
    reference = arms.line(INDEPENDENT, course.training(INDEPENDENT), epochs)
    lines = {INDEPENDENT: reference}
    for arm in arms.arguments.arms:
        examples = course.training(arm.split("+")[0])
        lines[arm] = arms.line(arm, examples, epochs)
        if arm.startswith(INDEPENDENT) and "activated" not in arm:
            continue
        room = epochs_within(reference["figures"]["seconds"], lines[arm]["figures"]["step_seconds"], epochs)
        more = longer(examples, room)
        if len(more) == epochs * len(examples):
            continue
        lines[f"{arm}@time"] = arms.line(f"{arm}@time", more, 1 + max(example.draw for example in more))
    return {
        "task": arms.arguments.task,
        "student": arms.arguments.student,
        "held_out": len(course.held_out),
        "arms": {name: figures(arms, line, reference) for name, line in lines.items()},
        "base": figures(arms, base, reference),
        "machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores",
    }


def figures(arms: Arms, line: dict[str, Json], reference: dict[str, Json]) -> dict[str, Json]:
    """What is shown of an arm."""
    course = arms.course
    own, other = (Scores(**one["scores"]) for one in (line, reference))
    shown = {name: value for name, value in line["figures"].items() if name != "step_seconds"}
    shown |= summary(own, course.held_out, course.labels)
    return shown if line is reference else shown | differences(other, own, course.held_out)


def course_of(arguments: argparse.Namespace, folder: Path) -> Course:
    """The questions of a task."""
    if arguments.task == "demo":
        return demo(arguments.project, arguments.examples, arguments.held_out)
    tokenizer: Any = load_tokenizer(folder)
    sizes = (arguments.examples, arguments.held_out, arguments.documents, arguments.document_tokens)
    return pubmedqa(arguments.data, *sizes, lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"]))


def an_arm(text: str) -> str:
    """The name of an arm; raises ValueError for another text."""
    layout, *marks = text.split("+")
    if layout not in (INDEPENDENT, "grouped", "clustered") or not set(marks) <= set(MARKS):
        raise ValueError(text)
    return text


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--task", choices=tuple(DEFAULT), default="pubmedqa")
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data", help="folder of pubmedqa")
    parser.add_argument("--project", type=Path, default=HERE.parent / "examples" / "central-bank")
    parser.add_argument("--arms", type=an_arm, nargs="*", help="those beside independent")
    parser.add_argument("--student", default="smollm2-135m-instruct")
    parser.add_argument("--examples", type=int, default=120, help="questions to learn from")
    parser.add_argument("--held-out", type=int, default=100, help="questions to score")
    parser.add_argument("--documents", type=int, default=3, help="pubmedqa: documents shown, k + 1")
    parser.add_argument("--document-tokens", type=int, default=150, help="pubmedqa: tokens of a document, about")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--examples-per-step", type=int, default=6, help="6 and 2 sets: as many steps in all layouts")
    parser.add_argument("--sets-per-step", type=int, default=2)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="file for what each arm gave, so that a stopped run goes on")
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    arguments = parser.parse_args()
    if arguments.arms is None:
        arguments.arms = list(DEFAULT[arguments.task])
    return arguments


def main() -> None:
    arguments = parsed()
    folder = safetensors_folder(find_student(arguments.student))
    with tempfile.TemporaryDirectory() as name:
        kept = arguments.keep or Path(name) / "kept.jsonl"
        work = kept.with_name(f"{kept.stem}-runs")
        result = measured(Arms(arguments, course_of(arguments, folder), folder, kept, work))
    print(json.dumps(result, indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
