"""Personal data in a text: numbers of persons, cards and telephones, e-mail addresses. Names are not found.

Nothing here keeps, logs or returns the data itself: only where it stands and of what kind it is.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from raftune.personal_data.detectors import DETECTORS
from raftune.personal_data.detectors import PersonalKind as PersonalKind

ALL_KINDS: tuple[PersonalKind, ...] = tuple(DETECTORS)
PRIVATE_KINDS: tuple[PersonalKind, ...] = tuple(kind for kind in DETECTORS if kind != "business_number")
"""All kinds but the business registration number, which is public."""
MASK = "█"
PLAIN = str.maketrans("０１２３４５６７８９－‐‑‒–—−＠．（）＋　\xa0", "0123456789-------@.()+  ")


class PersonalSpan(NamedTuple):
    """Characters [start, end) of a text that are personal data of a kind."""

    start: int
    end: int
    kind: PersonalKind


def find_personal(text: str, kinds: Collection[PersonalKind] = PRIVATE_KINDS) -> list[PersonalSpan]:
    """What is found of the kinds wanted, in the order of the text, no two on the same characters."""
    plain = text.translate(PLAIN)
    taken = bytearray(len(text))
    found: list[PersonalSpan] = []
    for kind, detect in DETECTORS.items():
        for start, end in detect(plain) if kind in kinds else ():
            if not any(taken[start:end]):
                taken[start:end] = b"1" * (end - start)
                found.append(PersonalSpan(start, end, kind))
    return sorted(found)


def masked(text: str, spans: Iterable[PersonalSpan]) -> str:
    """The text with every letter and figure of the spans replaced by `MASK`: it keeps its length and its separators."""
    characters = list(text)
    for span in spans:
        for position in range(span.start, span.end):
            if characters[position].isalnum():
                characters[position] = MASK
    return "".join(characters)


def mask_personal(text: str, kinds: Collection[PersonalKind] = PRIVATE_KINDS) -> str:
    """The text with what is found of the kinds wanted masked."""
    return masked(text, find_personal(text, kinds))
