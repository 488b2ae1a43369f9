"""Time and memory of assembling a made-up training set with near distractors, and of auditing what comes out.

python bench/assembling.py ANSWERS [--layout grouped]

Half as many passages as answers. The last line is one JSON object: seconds and peak_mb of assembling (the process's
peak, which holds the corpus being made too), examples, rejected, audit_seconds and audit_found.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from made_corpus import answers, chunks
from raftune.artifact import Artifact, Draft, open_artifact
from raftune.auditing import audit
from raftune.engines.local import LocalEngine
from raftune.records import Answer, Chunk, Record
from raftune.registry import load
from raftune.stage import Tools
from raftune.stages.assemble import AssembleConfig, assemble

R = TypeVar("R", bound=Record)


class Plugs:
    """The one plug that assembling opens."""

    def retriever(self, name: str, _language: str) -> Any:
        """A new retriever."""
        return load("retrievers", name)()


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", type=int)
    parser.add_argument("--layout", default="grouped")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        passages = chunks(options.answers // 2, 0)
        made = stored(folder, "answer", answers(passages, 2, 0), Answer)
        held = stored(folder, "chunk", passages, Chunk)
        del passages
        started = time.perf_counter()
        draft = asyncio.run(assembled(folder, options.layout, made, held))
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started = time.perf_counter()
        checks = audit(sorted(draft.folder.glob("rows-*.jsonl"))).to_json()["checks"]
        figures = {
            "seconds": round(seconds, 1),
            "peak_mb": peak,
            "examples": draft.count,
            "rejected": dict(draft.rejected),
            "audit_seconds": round(time.perf_counter() - started, 1),
            "audit_found": {name: check["found"] for name, check in checks.items() if check["found"]},
        }
    print(json.dumps(figures))


def stored(folder: Path, name: str, rows: Iterable[R], row_type: type[R]) -> Artifact[R]:
    """An artifact on disk, as a stage finds its inputs."""
    (folder / name).mkdir()
    draft = Draft(folder / name, name, {})
    for row in rows:
        draft.add(row)
    draft.finish()
    return open_artifact(folder / name, row_type)


async def assembled(folder: Path, layout: Any, made: Artifact[Answer], held: Artifact[Chunk]) -> Draft:
    """The training set as it is written."""
    for name in ("assemble", "work"):
        (folder / name).mkdir()
    draft = Draft(folder / "assemble", "assemble", {})
    plugs: Any = Plugs()
    tools = Tools(0, plugs, LocalEngine(), draft, folder / "work", lambda *_: None)
    async for example in assemble.run(tools, AssembleConfig(layout=layout), made, held):
        draft.add(example)
    draft.finish()
    return draft


if __name__ == "__main__":
    main()
