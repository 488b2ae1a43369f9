"""Where the rows of an export come from: what a card says about them beside their counts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from raftune.artifact import in_memory
from raftune.digest import digest
from raftune.exporting.lineage import Step
from raftune.exporting.tally import Tally
from raftune.prompts.raft import RaftPrompt
from raftune.records import Chunk, Decision, Document

NOT_STATED = ""


@dataclass(frozen=True)
class Origin:
    """A project's name, seed and teacher, its licences by file or pattern, and the artifacts behind its examples."""

    name: str
    seed: int
    teacher: Mapping[str, Any]
    licences: Mapping[str, str]
    steps: Mapping[str, Step]

    def as_json(self, tally: Tally, prompt: RaftPrompt) -> dict[str, Any]:
        """All that the card says about the origin of counted rows. Nothing of it depends on the clock or machine."""
        return {
            "name": self.name,
            "seed": self.seed,
            "teacher": {key: self.teacher[key] for key in ("provider", "model") if key in self.teacher},
            "reviewed": reviewed(self.steps),
            "assemble": self.steps["assemble"].parts["config"] if "assemble" in self.steps else {},
            "prompts": prompts_of(self.steps, prompt),
            "stages": {name: {"key": step.key, **counts_of(step)} for name, step in self.steps.items()},
            "sources": self.sources(tally),
        }

    def sources(self, tally: Tally) -> list[dict[str, Any]]:
        """The files that counted rows show or ask about, with their licences; ordered by path."""
        if "ingest" not in self.steps or "chunk" not in self.steps:
            return []
        shown = shown_chunks(self.steps["chunk"].artifact, tally.chunks)
        found: dict[str, dict[str, Any]] = {}
        documents: Iterable[Document] = self.steps["ingest"].artifact
        for document in documents:
            if document.path in shown or document.path in tally.paths:
                found[document.path] = {
                    "path": document.path,
                    "sha256": document.sha256,
                    "title": document.title,
                    "passages_shown": shown[document.path],
                    "licence": licence_of(document.path, self.licences),
                }
        return [found[path] for path in sorted(found)]


def reviewed(steps: Mapping[str, Step]) -> bool:
    """Whether any decision of a person went into the rows."""
    nobody = in_memory("decisions", Decision, ()).digest
    return "review" in steps and steps["review"].parts["inputs"].get("decisions", nobody) != nobody


def counts_of(step: Step) -> dict[str, Any]:
    """Rows a stage kept, and what it left out by reason."""
    return {"rows": len(step.artifact), "left_out": dict(step.artifact.rejected)}


def prompts_of(steps: Mapping[str, Step], prompt: RaftPrompt) -> dict[str, str]:
    """The digests of all prompts that had a part in the rows; "rows" is that of the rows' own."""
    used = {name: value for step in steps.values() for name, value in step.parts["prompts"].items()}
    return {**dict(sorted(used.items())), "rows": digest(prompt.model_dump(mode="json"))}


def shown_chunks(chunks: Iterable[Chunk], ids: Collection[str]) -> Counter[str]:
    """How many of the chunks with those ids stand in each file."""
    return Counter(chunk.path for chunk in chunks if chunk.id in ids)


def licence_of(path: str, licences: Mapping[str, str]) -> str:
    """The licence of a file by its path, else by the first pattern that fits; empty where none is stated."""
    if path in licences:
        return licences[path]
    return next((text for pattern, text in licences.items() if fnmatchcase(path, pattern)), NOT_STATED)
