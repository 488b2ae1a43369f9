"""The numbers that Word puts before paragraphs: they are counted, not written, and articles are cited by them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from raftune.reading.xml_parts import attribute, child, local

GANADA = "가나다라마바사아자차카타파하"
CHOSUNG = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
HANGUL_NUMBERS = ("일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
HANJA_NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九")
ROMAN_VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
ROMAN_SIGNS = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
PLACE = re.compile(r"%([1-9])")


class Level(NamedTuple):
    """How a level of a list is numbered: format, text with places such as "%1.", first number."""

    format: str
    text: str
    start: int


@dataclass
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: Mapping[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, number: str, level: int) -> str | None:
        """The label of the next paragraph of a list: "2.1", "(a)", "•" for a bullet, "" for none; None if unknown."""
        if number not in self.lists:
            return None
        group, levels = self.lists[number]
        if level not in levels:
            return None
        counts = self.counts.setdefault(group, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level].format == "bullet":
            return "•"
        return PLACE.sub(lambda place: self.number(levels, counts, int(place[1]) - 1), levels[level].text).strip()

    @staticmethod
    def number(levels: Mapping[int, Level], counts: Mapping[int, int], level: int) -> str:
        """The number that a level stands at."""
        if level not in levels:
            return ""
        return formatted(counts.get(level, levels[level].start), levels[level].format)


def read_numbering(root: Any | None) -> Numbering:
    """The lists of word/numbering.xml; none where there is no such part."""
    if root is None:
        return Numbering()
    kinds = {attribute(one, "abstractNumId"): levels_of(one) for one in root if local(one) == "abstractNum"}
    lists = {}
    for one in root:
        if local(one) != "num" or (link := child(one, "abstractNumId")) is None:
            continue
        group, number = attribute(link, "val"), attribute(one, "numId")
        changed = levels_of(one, kinds.get(group, {}))
        lists[number] = (number if changed else group, {**kinds.get(group, {}), **changed})
    return Numbering(lists)


def levels_of(one: Any, known: Mapping[int, Level] | None = None) -> dict[int, Level]:
    """The levels that a list defines, or overrides in `known`."""
    levels = {}
    for element in one:
        if local(element) == "lvlOverride":
            level = int(attribute(element, "ilvl", "0"))
            start = child(element, "startOverride")
            if child(element, "lvl") is not None:
                levels.update(levels_of(element))
            elif start is not None and known and level in known:
                levels[level] = known[level]._replace(start=int(attribute(start, "val", "1")))
        elif local(element) == "lvl":
            values = {local(part): attribute(part, "val") for part in element}
            start_at = values.get("start", "1")
            levels[int(attribute(element, "ilvl", "0"))] = Level(
                values.get("numFmt", "decimal"), values.get("lvlText", ""), int(start_at) if start_at.isdigit() else 1
            )
    return levels


def formatted(number: int, form: str) -> str:
    """A number in one of Word's formats; as figures where it is another."""
    return FORMATS.get(form, str)(number) if number > 0 else str(number)


def letters(number: int) -> str:
    """A to z, then aa, bb, ..."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number: int) -> str:
    """i, ii, iii, iv, ..."""
    text = ""
    for value, sign in zip(ROMAN_VALUES, ROMAN_SIGNS, strict=True):
        text += sign * (min(number, 4000) // value)
        number %= value
    return text


def series(signs: str) -> Callable[[int], str]:
    """A format that takes signs in turn, and begins again after the last."""
    return lambda number: signs[(number - 1) % len(signs)]


def counted(figures: tuple[str, ...], ten: str) -> Callable[[int], str]:
    """A format that counts in words up to 99."""

    def words(number: int) -> str:
        tens, ones = divmod(number, 10)
        if tens > 9:
            return str(number)
        return (figures[tens - 1] if tens > 1 else "") + (ten if tens else "") + (figures[ones - 1] if ones else "")

    return words


def circled(number: int) -> str:
    """① to ⑳."""
    return chr(ord("①") + number - 1) if number <= 20 else str(number)


FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "ganada": series(GANADA),
    "chosung": series(CHOSUNG),
    "koreanDigital": counted(HANGUL_NUMBERS, "십"),
    "koreanDigital2": counted(HANJA_NUMBERS, "十"),
    "koreanCounting": counted(HANGUL_NUMBERS, "십"),
    "ideographDigital": counted(HANJA_NUMBERS, "十"),
    "chineseCounting": counted(HANJA_NUMBERS, "十"),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
}
