"""The [retrieve] section: how passages are found for a question, by `raftune chat` and `raftune serve`."""

from typing import Annotated, Literal

from pydantic import Field

from raftune.stage import StageConfig, Transport


class RetrieveConfig(StageConfig):
    """How passages are found for a question that is asked in earnest, by `raftune chat` and `raftune serve`."""

    retriever: Annotated[Literal["bm25", "embedding", "hybrid"], Transport()] = "bm25"
    """bm25: by words (Korean: pairs of syllables); embedding: by meaning, as [embedder] sees it; hybrid: by both."""
    passages: Annotated[int | None, Transport()] = Field(default=None, ge=1, le=100)
    """Passages shown with a question; not given: as many as in training, distractors and the right one."""
    floor: Annotated[float, Transport()] = Field(default=0.0, ge=0, le=1)
    """Where none of the passages found holds at least this share of the question's words, each by how rare it is, the
    question is politely refused without asking the model; docs/how-to/ask.md says what that does. 0: only where no
    passage shares a word with it. Not for embedding alone."""
