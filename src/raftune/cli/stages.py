"""raftune ingest and raftune chunk: run until that stage, and say what came of it."""

import json
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder, Quiet, Sample, with_sample

if TYPE_CHECKING:
    from raftune.api import Project

Fresh = Annotated[bool, typer.Option("--fresh", help="Do it again, although it is stored.")]


def ingest(
    project: Folder = HERE, fresh: Fresh = False, changes: Changes = NONE, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Read the documents; say how each page was read, and which files were refused."""
    from raftune import api
    from raftune.cli.corpus import summary_lines
    from raftune.overview import as_json as file_json
    from raftune.overview import totals_of

    opened = run_until("ingest", project, changes, fresh=fresh, silent=quiet or as_json)
    seconds = seconds_of(opened, "ingest")
    files = api.files(opened)
    totals = totals_of(files)
    if as_json:
        pace = totals.pages / seconds if seconds else None
        facts: dict[str, Any] = {**vars(totals), "seconds": seconds, "pages_per_second": pace}
        typer.echo(json.dumps({"totals": facts, "files": [file_json(file) for file in files]}, ensure_ascii=False))
        return
    for line in summary_lines(files, totals, seconds):
        typer.echo(line)


def chunk(
    project: Folder = HERE,
    sample: Sample = None,
    fresh: Fresh = False,
    changes: Changes = NONE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Cut the documents into passages; say how many there are, and how long."""
    from raftune.cli.layout import counted

    opened = run_until("chunk", project, with_sample(changes, sample), fresh=fresh, silent=quiet or as_json)
    facts = passages(opened)
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    sizes = f"{facts['smallest']:,} to {facts['largest']:,} {facts['unit']}"
    documents = counted(facts["documents"], "document")
    typer.echo(f"passages  {facts['passages']:,} from {documents}, by {facts['splitter']}")
    typer.echo(f"sizes     {sizes}, half of them up to {facts['median']:,}; at most {facts['maximum']:,}")
    for reason, count in facts["left_out"].items():
        typer.echo(f"left out  {count:,}: {reason}")
    if facts["masked"]:
        kinds = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in facts["masked"].items())
        typer.echo(f"masked    personal data in {counted(facts['passages_masked'], 'passage')} ({kinds})")


def run_until(stage: str, folder: Any, changes: list[str], *, fresh: bool, silent: bool) -> "Project":
    """Runs what is not stored up to a stage. Raises any RaftuneError."""
    from raftune import api
    from raftune.cli.watch import watcher

    opened = api.open_project(folder, changes)
    api.run(opened, watcher(silent), stage, [stage] if fresh else [])
    return opened


def seconds_of(project: "Project", stage: str) -> float | None:
    """How long it took to make a stage's latest artifact, where that is known."""
    return project.journal.seconds(stage, str(project.journal.last(stage).get("key", "")))


def passages(project: "Project") -> dict[str, Any]:
    """Counts and sizes of the passages."""
    from raftune import api
    from raftune.records import Chunk

    config = project.settings.chunk
    size = api.token_count(project) if config.unit == "tokens" else len
    artifact = api.stored(project, "chunk")
    sizes, documents, masked = [], Counter[str](), Counter[str]()
    passages_masked = 0
    for row in artifact:
        if isinstance(row, Chunk):
            sizes.append(size(row.text))
            documents[row.document] += 1
            masked.update(row.masked)
            passages_masked += bool(row.masked)
    return {
        "passages": len(artifact),
        "documents": len(documents),
        "splitter": config.splitter,
        "unit": config.unit,
        "smallest": min(sizes),
        "median": round(median(sizes)),
        "largest": max(sizes),
        "maximum": config.maximum,
        "left_out": dict(artifact.rejected),
        "passages_masked": passages_masked,
        "masked": dict(masked.most_common()),
    }
