"""Sentence boundaries in English and Korean text, as exact character spans."""

import re

# A full stop after these does not end a sentence.
ABBREVIATIONS = frozenset(
    [
        "u.s",
        "u.k",
        "e.g",
        "i.e",
        "etc",
        "no",
        "nos",
        "vs",
        "v",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "inc",
        "ltd",
        "co",
        "corp",
        "st",
        "fig",
        "sec",
        "art",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "d.c",
        "vol",
        "pp",
        "p.l.c",
        "u.s.c",
    ]
)
BREAK = re.compile(r"""[.!?。][)\]"'”’]*(?=\s)|\n\s*\n|\n(?=\#{1,6}\s|[-*•]\s|\|)""")
LAST_WORD = re.compile(r"[\w.]+$")
OPENING = re.compile(r"""\s*["'“‘(\[]?[A-Z0-9가-힣#•$-]""")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end), white space around them left out, in order."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in BREAK.finditer(text):
        if text[match.start()] in ".!?。" and not ends_sentence(text, match.start(), match.end()):
            continue
        append_trimmed(spans, text, start, match.end())
        start = match.end()
    append_trimmed(spans, text, start, len(text))
    return spans


def ends_sentence(text: str, stop: int, after: int) -> bool:
    """Whether the mark at `stop` ends a sentence: no abbreviation or initial, and a fresh start follows."""
    line_start = text.rfind("\n", 0, stop) + 1
    if not OPENING.match(text, after) or is_heading(text[line_start:stop]):
        return False
    if text[stop] != ".":
        return True
    word = LAST_WORD.search(text, max(0, stop - 20), stop)
    if word is None:
        return True
    bare = word.group().lower()
    return bare not in ABBREVIATIONS and not (len(bare) == 1 and bare.isascii() and bare.isalpha())


def append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Adds [start, end) without the white space at its ends, unless nothing is left."""
    piece = text[start:end]
    trimmed = piece.strip()
    if trimmed:
        begin = start + piece.index(trimmed[0])
        spans.append((begin, begin + len(trimmed)))


def is_heading(text: str) -> bool:
    """Whether a piece of Markdown is a heading line."""
    return re.match(r"#{1,6}\s", text) is not None


def is_korean(text: str) -> bool:
    """Whether at least a fifth of the letters are Hangul: the text is treated as Korean."""
    letters = sum(character.isalpha() for character in text)
    hangul = sum("가" <= character <= "힣" for character in text)
    return letters > 0 and hangul >= letters / 5
