"""Sentence boundaries in English and Korean text, as exact character spans."""

import re

# A full stop after these does not end a sentence.
ABBREVIATIONS = frozenset(
    """
    u.s u.k u.n e.u u.s.c d.c p.l.c e.g i.e etc vs v cf al viz approx est mr mrs ms dr prof rev hon gen gov rep sen jr
    inc ltd co corp bros dept assn st mt ph.d jan feb mar apr jun jul aug sep sept oct nov dec pp ibid seq
    no nos vol fig figs sec secs art ch para eq
    """.split()  # noqa: SIM905 - a list would be a line a word
)
CLOSING = r"""[)\]"'”’」』》〉）】]*"""
KOREAN_MARK = r"[가나다라마바사아자차카타파하]"
BULLET = r"[•◦○●■□▪▶◇◆※①-⑳]"
BREAK = re.compile(
    rf"""[.!?。…]{CLOSING}(?=\s)|[。！？]{CLOSING}|(?<=[가-힣][다요까죠])[.?!](?=[가-힣“‘「『])"""
    rf"""|\n\s*\n|\n(?=\#{{1,6}}\s|[-*]\s|{BULLET}|\||{KOREAN_MARK}[.)]\s|\(?\d{{1,2}}[.)]\s*[가-힣])"""
)
ENDS = frozenset(".!?。…！？")
LAST_WORD = re.compile(r"[\w.]+$")
OPENING = re.compile(rf"""\s*["'“‘「『《〈<(\[（【]?(?:[A-ZÀ-Þ0-9가-힣一-龥#$-]|{BULLET})""")
ITEM_MARK = re.compile(rf"\s*\(?(?:\d{{1,3}}|{KOREAN_MARK}|[ⅰ-ⅻⅠ-Ⅻ])")
KOREAN_DATE = re.compile(r"(?<!\d)\d{4}(?:\. ?\d{1,2}){0,2}")
HEADING = re.compile(r"#{1,6}\s")
HANGUL_FOLLOWS = re.compile(r"\s*(?:\d{1,2}\.\s*){0,2}[“‘「『(]?[가-힣]")
QUOTE_GOES_ON = re.compile(r"\s(?:이?라고|이?라며|이?라는|하고|고|며|는)(?=[\s,.])")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end), white space around them left out, in order."""
    spans: list[tuple[int, int]] = []
    start = line_start = looked = 0
    for match in BREAK.finditer(text):
        # Looked for from the last mark on: going back to it from every mark is slow where a line is very long.
        line_start = text.rfind("\n", looked, match.start()) + 1 or line_start
        looked = match.start()
        if text[looked] in ENDS and not ends_sentence(text, start, line_start, looked, match.end()):
            continue
        append_trimmed(spans, text, start, match.end())
        start = match.end()
    append_trimmed(spans, text, start, len(text))
    return spans


def ends_sentence(text: str, start: int, line_start: int, stop: int, after: int) -> bool:
    """Whether the mark at `stop` ends the sentence from `start`: no abbreviation, no initial, a fresh start follows."""
    if not OPENING.match(text, after) or HEADING.match(text, line_start):
        return False
    if after - stop > 1 and QUOTE_GOES_ON.match(text, after):
        return False
    if text[stop] != ".":
        return True
    if is_korean_mark(text, max(start, line_start), stop, after):
        return False
    word = LAST_WORD.search(text, max(0, stop - 20), stop)
    if word is None:
        return True
    bare = word.group().lower()
    return bare not in ABBREVIATIONS and not (len(bare) == 1 and bare.isascii() and bare.isalpha())


def is_korean_mark(text: str, start: int, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` belongs to a Korean item mark ("1.", "가.") or date ("2023. 5. 1.")."""
    if not HANGUL_FOLLOWS.match(text, after):
        return False
    if ITEM_MARK.fullmatch(text, start, stop):
        return True
    date = KOREAN_DATE.search(text, max(start, stop - 12), stop)
    return date is not None and date.end() == stop


def append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Adds [start, end) without the white space at its ends, unless nothing is left."""
    piece = text[start:end]
    trimmed = piece.strip()
    if trimmed:
        begin = start + piece.index(trimmed[0])
        spans.append((begin, begin + len(trimmed)))


def is_heading(text: str) -> bool:
    """Whether a piece of Markdown is a heading line."""
    return HEADING.match(text) is not None


def is_korean(text: str) -> bool:
    """Whether at least a fifth of the letters are Hangul: the text is treated as Korean."""
    letters = sum(character.isalpha() for character in text)
    hangul = sum("가" <= character <= "힣" for character in text)
    return letters > 0 and hangul >= letters / 5
