"""Source files -> documents: each is read in a child process; one that cannot be read is rejected with its reason.

The boxes of a document's words lie beside its row, in `words/SHA256.jsonl`: a line a page.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

from pydantic import Field

from raftune.artifact import Artifact
from raftune.errors import ConfigError, DocumentError
from raftune.reading.rendering import data_url
from raftune.reading.vision import Bounds, VisionReader, kept
from raftune.readings import Limits, Opened, PageReading, ReadOptions, ReadWay
from raftune.records import Document, Language, Source
from raftune.sentences import is_korean
from raftune.stage import StageConfig, Tools, Transport, stage

SAMPLE_PAGES = 20
PDF = "application/pdf"
LIMITS = Limits()


class IngestConfig(StageConfig):
    """How source files are read."""

    pdf: ReadWay = "auto"
    """How PDF pages are read: text (the text layer), ocr, vision (a model looks at each page), or auto: the text layer
    where it is usable, else OCR."""
    ways: dict[str, ReadWay] = Field(default_factory=dict)
    """Other ways for some files or pages, such as {"scans/*.pdf" = "ocr", "report.pdf#12-14,20" = "vision"}; the last
    one that fits counts."""
    ocr: str = "auto"
    """What reads images: a file in `ocr/`, or auto: what is installed and fits the page's language."""
    keep_hidden: bool = False
    """Whether text that a reader of the page does not see (white, tiny, off the page) is kept."""
    footnote_marks: bool = True
    """Whether the raised number of a footnote is kept, as [^4]; it then stands in quotes too."""
    dots_per_inch: int = Field(default=200, ge=72, le=600)
    """How finely pages are drawn for OCR and vision."""
    vision_words: float = Field(default=0.9, ge=0, le=1)
    """A page read by vision must hold this share of the words of its text layer, or is asked for again, then read as by
    auto. Three quarters of it where OCR is the yardstick."""
    vision_numbers: float = Field(default=0.95, ge=0, le=1)
    """The same for its numbers."""
    pages: int = Field(default=10_000, ge=1)
    """A file with more pages than this is refused."""
    seconds: float = Field(default=LIMITS.seconds, gt=0)
    """A file may take so long to open, and again for each page."""
    megabytes: int = Field(default=LIMITS.megabytes, ge=512)
    """The address space a reader may use."""
    at_once: Annotated[int, Transport()] = Field(default=2, ge=1)
    """Files read at the same time, each in a process of its own, and parts of one long file."""

    @property
    def looks(self) -> bool:
        """Whether any page may be read by vision."""
        return "vision" in (self.pdf, *self.ways.values())


@dataclass
class Count:
    """Pages read so far, and how many there will be, going by the bytes of the files that are open."""

    tools: Tools
    files: int
    size: int
    opened_size: int = 0
    opened_pages: int = 0
    pages: int = 0
    finished: int = 0

    def open(self, size: int, pages: int) -> None:
        """A file of `size` bytes turns out to have so many pages."""
        self.opened_size += size
        self.opened_pages += pages

    def page(self) -> None:
        """A page was read."""
        self.pages += 1
        rest = (self.size - self.opened_size) * self.opened_pages / max(1, self.opened_size)
        self.tools.progress(
            self.pages, self.opened_pages + round(rest), f"pages  {self.finished} of {self.files} files"
        )


@dataclass
class Gathered:
    """A document as its pages come in."""

    opened: Opened
    pages: list[PageReading] = field(default_factory=list)


@stage(version=2, row_type=Document, roles=("vision",), prompts=("read_page", "read_page_again"))
async def ingest(tools: Tools, config: IngestConfig, sources: Artifact[Source]) -> AsyncIterator[Document]:
    """One document a readable file, or one an item of a file that lists many.

    A file with the bytes of an earlier one is rejected as a duplicate. Raises DocumentError when there are no files, or
    none of them can be read.
    """
    if not len(sources):
        raise DocumentError("The project has no documents.", "Put PDF, Word, Markdown or other files into its folder.")
    first = list(distinct(tools, sources))
    count = Count(tools, len(first), sum(source.size for source in first))
    eyes = eyes_of(tools, config) if config.looks else None

    async def read(source: Source) -> list[Document] | DocumentError:
        try:
            return [document_of(source, one) async for one in gathered(tools, config, source, count, eyes)]
        except DocumentError as error:
            return error
        finally:
            count.finished += 1

    readable, refused = 0, list[DocumentError]()
    async for source, result in tools.engine.each(first, read, config.at_once):
        if isinstance(result, DocumentError):
            refused.append(result)
            tools.reject(source.path, result.reason, str(result))
            continue
        readable += 1
        for document in result:
            yield document
    if not readable:
        raise none_read(len(sources), refused)


def none_read(files: int, refused: Sequence[DocumentError]) -> DocumentError:
    """The error for a corpus without a readable file."""
    first = f" The first one: {refused[0].message}" if refused else ""
    advice = refused[0].advice if refused else "Put PDF, Word, Markdown or other files into the project's folder."
    return DocumentError(f"None of the {files} files could be read.{first}", advice)


def distinct(tools: Tools, sources: Iterable[Source]) -> Iterator[Source]:
    """The sources to read; those with a fault, and those with the bytes of an earlier one, are rejected."""
    seen: dict[str, str] = {}
    for source in sources:
        if source.fault:
            tools.reject(source.path, source.fault)
        elif source.sha256 in seen:
            tools.reject(source.path, "duplicate file", f"The same bytes as {seen[source.sha256]}.")
        else:
            seen[source.sha256] = source.path
            yield source


def eyes_of(tools: Tools, config: IngestConfig) -> VisionReader:
    """What reads pages by vision."""
    return VisionReader(tools.plugs.vision(), Bounds(config.vision_words, config.vision_numbers))


async def gathered(
    tools: Tools, config: IngestConfig, source: Source, count: Count, eyes: VisionReader | None = None
) -> AsyncIterator[Gathered]:
    """The documents of a source, each with all its pages; the boxes of their words are written on the way."""
    current: Gathered | None = None
    limits = Limits(config.seconds, config.megabytes, config.at_once)
    options = options_for(config, source.path)
    async with aclosing(tools.plugs.read(source, options, limits)) as events:
        async for event in events:
            if isinstance(event, Opened):
                if current is not None:
                    yield current
                current = Gathered(event)
                count.open(0 if event.part else source.size, event.count)
            elif current is not None:
                current.pages.append(event if eyes else without_words(tools, source, event))
                if eyes is None or not wants_eyes(current, event, options):
                    count.page()
    if current is not None:
        if eyes is not None:
            await look(tools, eyes, source, current, options, limits, count)
            current.pages = [without_words(tools, source, page) for page in current.pages]
        if not any(page.page.text.strip() for page in current.pages):
            raise DocumentError(f"{source.path} holds no text.", "Remove it.", "no text")
        yield current


def wants_eyes(document: Gathered, page: PageReading, options: ReadOptions) -> bool:
    """Whether a page is to be read by vision: only PDF pages can be drawn."""
    wanted = options.ways.get(page.page.number, options.way)
    return wanted == "vision" and document.opened.media_type == PDF


async def look(
    tools: Tools,
    eyes: VisionReader,
    source: Source,
    document: Gathered,
    options: ReadOptions,
    limits: Limits,
    count: Count,
) -> None:
    """Reads a document's pages by vision where that is wanted."""
    language = language_of(document.pages)

    async def see(page: PageReading) -> PageReading:
        if not wants_eyes(document, page, options):
            return page
        async with eyes.slots:
            try:
                drawn = await tools.plugs.picture(source, page.page.number, options.dots_per_inch, limits)
            except DocumentError as error:
                read = kept(page, f"the page cannot be drawn ({error.reason})")
            else:
                read = await eyes.read(data_url(drawn), page, language)
            count.page()
            return read

    document.pages = [page async for _, page in tools.engine.each(document.pages, see, eyes.vision.at_once)]


def options_for(config: IngestConfig, path: str) -> ReadOptions:
    """How a file is to be read."""
    way, ways = config.pdf, dict[int, ReadWay]()
    for pattern, wanted in config.ways.items():
        name, _, numbers = pattern.partition("#")
        if not fnmatch(path, name):
            continue
        if numbers:
            ways.update(dict.fromkeys(page_numbers(numbers, pattern), wanted))
        else:
            way, ways = wanted, {}
    return ReadOptions(
        way=way,
        ways=ways,
        ocr=config.ocr,
        keep_hidden=config.keep_hidden,
        footnote_marks=config.footnote_marks,
        dots_per_inch=config.dots_per_inch,
        pages=config.pages,
    )


def page_numbers(text: str, pattern: str) -> list[int]:
    """The pages of a list such as "3,7-9". Raises ConfigError."""
    numbers: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    except ValueError as error:
        raise ConfigError(
            f"ingest.ways: {pattern!r} names no pages.", 'Write for example "report.pdf#3,7-9".'
        ) from error
    return numbers


def document_of(source: Source, read: Gathered) -> Document:
    """The document that was read."""
    return Document(
        path=source.path,
        part=read.opened.part,
        sha256=source.sha256,
        media_type=read.opened.media_type,
        title=read.opened.title,
        language=language_of(read.pages),
        pages=tuple(reading.page for reading in read.pages),
    )


def language_of(pages: Sequence[PageReading]) -> Language:
    """The language of a document's first pages."""
    sample = "\n".join(reading.page.text for reading in pages[:SAMPLE_PAGES])
    return "ko" if is_korean(sample) else "en"


def without_words(tools: Tools, source: Source, reading: PageReading) -> PageReading:
    """The page without the boxes of its words: they are written at once, for they take more room than its text."""
    if not reading.words:
        return reading
    write_words(tools.draft.files / "words", source, reading)
    return replace(reading, words=())


def write_words(folder: Path, source: Source, reading: PageReading) -> None:
    """Appends the boxes of a page's words to the file of its document."""
    folder.mkdir(parents=True, exist_ok=True)
    row = {"page": reading.page.number, "size": [reading.width, reading.height], "words": reading.words}
    with (folder / f"{source.sha256}.jsonl").open("a", encoding="ascii") as file:
        file.write(json.dumps(row, separators=(",", ":")) + "\n")
