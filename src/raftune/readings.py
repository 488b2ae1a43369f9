"""What a reader is given and what it gives: options and limits, pages, words with their places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from raftune.records import Page

ReadWay = Literal["auto", "text", "ocr", "vision"]


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read.

    `way` is for pages of formats that know more than one ("auto": the text layer where it is usable, else OCR), `ways`
    overrides it for single pages. `ocr` names a file in `ocr/`, or is "auto". `footnote_marks` keeps raised numbers, as
    [^4]. `first` is the first page to read: a reader of numbered pages is called again with it after the process ended,
    then `careful`: no page is looked at before the one before it is given. `pages` is the most there may be.
    """

    way: ReadWay = "auto"
    ways: Mapping[int, ReadWay] = field(default_factory=dict)
    ocr: str = "auto"
    keep_hidden: bool = False
    footnote_marks: bool = True
    dots_per_inch: int = 200
    first: int = 1
    careful: bool = False
    pages: int = 10_000


class WordBox(NamedTuple):
    """Characters [start, end) of a page's text, and where they stand on it: points from its top left corner."""

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PageReading:
    """A page with the boxes of its words in the order of the text, and its size in points (0 where it has none)."""

    page: Page
    words: tuple[WordBox, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What a reader found: a document of `count` pages, given one by one as they are read.

    `part` tells the documents of one file apart, where it holds several. `numbered` says that reading can begin at any
    page (`ReadOptions.first`).
    """

    title: str
    pages: Iterable[PageReading]
    count: int = 1
    part: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Limits:
    """What a child may take: seconds to open the file and again for each page, megabytes of address space.

    So many `processes` may read parts of one long document side by side; that changes nothing but the time.
    """

    seconds: float = 120.0
    megabytes: int = 4096
    processes: int = 1


@dataclass(frozen=True)
class Opened:
    """A document begins: `count` pages follow. `numbered` says that reading can begin at any page."""

    media_type: str
    title: str
    count: int
    part: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Glyphs:
    """A word that OCR found on an image: its box in pixels from the top left, and how sure it is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float
