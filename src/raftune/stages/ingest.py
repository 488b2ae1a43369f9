"""Source files -> documents: each is read in a child process; one that cannot be read is rejected with its reason."""

from collections.abc import AsyncIterator
from typing import Annotated

from raftune.artifact import Artifact
from raftune.contracts import Reading
from raftune.errors import DocumentError
from raftune.records import Document, Source
from raftune.sentences import is_korean
from raftune.stage import StageConfig, Tools, Transport, stage


class IngestConfig(StageConfig):
    """How source files are read."""

    at_once: Annotated[int, Transport()] = 2
    """Files read at the same time, each in a process of its own."""


@stage(version=1, row_type=Document)
async def ingest(tools: Tools, config: IngestConfig, sources: Artifact[Source]) -> AsyncIterator[Document]:
    """One document a readable file; a file with the bytes of an earlier one is rejected as a duplicate.

    Raises DocumentError when there are no files, or none of them can be read.
    """
    if not len(sources):
        raise DocumentError(
            "The project has no documents.", "Put PDF, Markdown or text files into its documents folder."
        )
    seen: set[str] = set()
    first: list[Source] = []
    for source in sources:
        if source.sha256 in seen:
            tools.reject(source.path, "duplicate file")
        else:
            seen.add(source.sha256)
            first.append(source)
    readable = 0
    async for source, (media_type, reading) in tools.each(first, tools.plugs.read, config.at_once, len(first)):
        readable += 1
        yield document_of(source, media_type, reading)
    if not readable:
        raise DocumentError(
            f"None of the {len(sources)} files could be read.", "Run `raftune doctor` for the reason of each file."
        )


def document_of(source: Source, media_type: str, reading: Reading) -> Document:
    """The document that a file was read as."""
    sample = "\n".join(page.text for page in reading.pages[:20])
    return Document(
        path=source.path,
        sha256=source.sha256,
        media_type=media_type,
        title=reading.title,
        language="ko" if is_korean(sample) else "en",
        pages=reading.pages,
    )
