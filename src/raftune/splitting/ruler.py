"""Sizes of a text's parts in tokens or characters, and the cuts that keep every part under its maximum.

A text is measured once, and parts of it are counted off. Alone, a part may measure more, for tokenizers take a word
together with the space before it. No token goes over the bounds of words, so only the first word can differ, by as
many tokens as it has bytes. A part that this might bring over the maximum, or that is cut inside a word, is measured
again by itself.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from raftune.contracts import Span, SplitOptions
from raftune.sentences import sentence_spans
from raftune.splitting.blocks import Block, Outline, trimmed

WHITE = re.compile(r"\s")
WORD = re.compile(r"\S+")
SEAM = 2  # tokens by which a count may be wrong where a long text or a repeated header was measured in pieces
LOOK_BACK = 400  # characters before an overlap in which the beginning of its first sentence is looked for
HEADER_SHARE = 0.5  # a header that takes more of the maximum than this is not repeated


class Ruler:
    """Measures the parts of one text, with the header rows that a part from the middle of a table repeats.

    With `lines`, what has to be cut inside a sentence is cut at the end of a line, if one is not far: text without
    full stops is often a list.
    """

    def __init__(self, outline: Outline, options: SplitOptions, *, lines: bool = False) -> None:
        self.lines = lines
        self.text = outline.text
        self.outline = outline
        self.options = options
        self.maximum = options.maximum - options.overlap  # the overlap comes on top
        self.starts: Sequence[int] = options.measure(outline.text)
        self._header_sizes: dict[tuple[int, int], int] = {}

    def header(self, start: int) -> tuple[int, int] | None:
        """The header that a part from `start` repeats, or None where there is none, or one that takes too much room."""
        header = self.outline.header(start)
        return header if header is not None and self.header_size(header) > 0 else None

    def header_size(self, header: tuple[int, int]) -> int:
        """What a header and the line feed behind it measure; 0 for a header that is too large to be repeated."""
        if header not in self._header_sizes:
            size = len(self.options.measure(self.text[slice(*header)] + "\n"))
            self._header_sizes[header] = size if size <= HEADER_SHARE * self.maximum else 0
        return self._header_sizes[header]

    def count(self, start: int, end: int) -> int:
        """The size of [start, end) as counted off."""
        header = self.outline.header(start)
        lead = 0 if header is None else self.header_size(header)
        return bisect_left(self.starts, end) - bisect_left(self.starts, start) + lead

    def exact(self, start: int, end: int) -> int:
        """The size of the passage [start, end), its repeated header with it, measured by itself."""
        header = self.header(start)
        lead = "" if header is None else self.text[slice(*header)] + "\n"
        return len(self.options.measure(lead + self.text[start:end]))

    def fits(self, start: int, end: int) -> bool:
        """Whether the passage [start, end) is within the maximum."""
        size = self.count(start, end)
        if size > self.maximum:
            return False
        return size + self.slack(start, end) <= self.maximum or self.exact(start, end) <= self.maximum

    def slack(self, start: int, end: int) -> int:
        """By how many tokens [start, end) may be larger than counted."""
        if end < len(self.text) and not self.text[end].isspace():
            return self.maximum + 1
        word = WORD.match(self.text, start, min(end, start + self.maximum))
        return SEAM + (len(word.group().encode("utf-8", "replace")) if word is not None else 0)

    def reach(self, start: int, end: int, size: int) -> int:
        """Where a part from `start` ends that counts `size`, at most `end`; at least one character on."""
        place = bisect_left(self.starts, start) + size - self.count(start, start)
        return min(end, max(start + 1, self.starts[place])) if place < len(self.starts) else end

    def cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """[start, end) in parts that fit, cut at white space where there is any."""
        while start < end and not self.fits(start, end):
            stop = self.before(start, self.reach(start, end, self.maximum))
            while stop > start + 1 and not self.fits(start, stop):
                size = self.count(start, stop)
                stop = self.before(start, min(stop - 1, self.reach(start, stop, size * 7 // 8)))
            yield trimmed(self.text, start, stop)
            following = WORD.search(self.text, stop, end)
            start = end if following is None else following.start()
        if start < end:
            yield start, end

    def before(self, start: int, stop: int) -> int:
        """The last white space (or line end) after `start` and before `stop`, or `stop` where there is none."""
        if self.lines and (line := self.text.rfind("\n", (start + stop) // 2, stop)) > start:
            return line
        return max((match.start() for match in WHITE.finditer(self.text, start + 1, stop)), default=stop)

    def parts(self, block: Block) -> Iterator[tuple[int, int]]:
        """A block too long to stay whole: in items, rows or lines, those in sentences, those in words."""
        bounds = [block.start, *block.starts[1:], block.end]
        for first, last in pairwise(bounds):
            start, end = trimmed(self.text, first, last)
            if block.kind != "text" and self.fits(start, end):
                yield start, end
                continue
            spans = sentence_spans(self.text[start:end]) if block.kind != "code" else [(0, end - start)]
            for begin, stop in spans:
                yield from self.cut(start + begin, start + stop)

    def spans(self, parts: Iterable[tuple[int, int]]) -> Iterator[Span]:
        """The spans of parts in order: each within the maximum, with headings, header and overlap."""
        previous = 0
        for part in parts:
            for start, end in self.cut(*part):
                begun = self.overlapped(previous, start, end)
                yield Span(begun, end, self.outline.headings(start), self.header(begun))
                previous = start

    def overlapped(self, previous: int, start: int, end: int) -> int:
        """Where a passage begins that repeats whole sentences from before `start`, but none from above a heading."""
        if not self.options.overlap or not start or self.outline.headings(start) != self.outline.headings(previous):
            return start
        far = self.starts[max(0, bisect_left(self.starts, start) - self.options.overlap)]
        window = max(previous, far - LOOK_BACK)
        begun = start
        for first, _ in reversed(sentence_spans(self.text[window:start])):
            partial = first == 0 and window > previous
            if partial or window + first <= max(previous, far - 1) or not self.allowed(window + first, start, end):
                break
            begun = window + first
        return begun

    def allowed(self, begun: int, start: int, end: int) -> bool:
        """Whether what is repeated is within the overlap, and the passage with it within the maximum."""
        repeated = len(self.options.measure(self.text[begun:start])) <= self.options.overlap
        return repeated and self.exact(begun, end) <= self.options.maximum
