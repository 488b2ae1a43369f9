"""raftune bench: RAFT's comparison on a public data set, beside the paper's numbers."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import NONE, AsJson, Changes, Quiet

if TYPE_CHECKING:
    from raftune.replication.course import Benchmark, Sizes

Name = Annotated[str, typer.Argument(help="pubmedqa, hotpotqa, apibench or korquad.")]
Data = Annotated[Path | None, typer.Option("--data", help="The data set's folder.", show_default="a small excerpt")]
Work = Annotated[
    Path | None, typer.Option("--work", help="Where what is made is kept.", show_default="bench-NAME, here")
]
Student = Annotated[str | None, typer.Option("--student", help="As student.model in raftune.toml.")]
Rows = Annotated[int | None, typer.Option("--rows", min=1, help="Questions to learn from.")]
Questions = Annotated[int | None, typer.Option("--questions", min=1, help="Questions to ask.")]
Characters = Annotated[int | None, typer.Option("--characters", min=40, help="Characters of a document, at most.")]
Ablate = Annotated[
    list[str],
    typer.Option(
        "--ablate", help="reasoning, oracle-share (P) or distractors (n), as in oracle-share=0.4,1; repeatable."
    ),
]
Smoke = Annotated[bool, typer.Option("--smoke", help="A few rows, one epoch: whether everything works.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Folder for NAME.json and its pictures.")]


def bench(
    name: Name,
    *,
    data: Data = None,
    work: Work = None,
    student: Student = None,
    rows: Rows = None,
    questions: Questions = None,
    characters: Characters = None,
    ablate: Ablate = NONE,
    plot: Plot = None,
    changes: Changes = NONE,
    smoke: Smoke = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tune on a public data set and ask the paper's five systems: base, base + RAG, DSF, DSF + RAG, RAFT.

    Prints a table with 95 % intervals beside the paper's numbers and two systems without a model. What was made is
    kept: the same command goes on where it was stopped.
    """
    from raftune.cli.watch import watcher
    from raftune.replication.arms import arms_of
    from raftune.replication.drawing import write_pictures
    from raftune.replication.replicate import Wanted, benchmark_of, excerpt_of, replicate, settings_for
    from raftune.replication.words import lines_of

    benchmark, smoke = benchmark_of(name), smoke or data is None
    set_too = ["train.epochs=1"] if smoke else []
    set_too += [f"student.model={json.dumps(student)}"] if student else []
    found = replicate(
        Wanted(
            name,
            data or excerpt_of(name),
            work or Path(f"bench-{name}"),
            sizes_of(benchmark, rows, questions, characters, smoke=smoke),
            settings_for(benchmark, [*set_too, *changes]),
            arms_of(ablate),
        ),
        watcher(quiet or as_json),
    )
    if plot:
        write_pictures(plot, found)
    for line in [json.dumps(found, ensure_ascii=False)] if as_json else lines_of(found):
        typer.echo(line)


def sizes_of(
    benchmark: "Benchmark", rows: int | None, questions: int | None, characters: int | None, *, smoke: bool
) -> "Sizes":
    """The benchmark's sizes, or those of a trial, with what was asked for in their place."""
    from raftune.replication.course import Sizes

    usual = benchmark.smoke if smoke else benchmark.sizes
    return Sizes(rows or usual.training, questions or usual.testing, characters or usual.characters)
