"""Words that OCR found on an image: how sure it is of them, and where they stand when the image is scaled or turned."""

from collections.abc import Iterable
from dataclasses import replace

from raftune.readings import Glyphs


def certainty(words: Iterable[Glyphs]) -> float:
    """The mean confidence of all characters, 0 to 1; 0 where there are none."""
    counted = [(len(word.text), word.confidence) for word in words]
    total = sum(count for count, _ in counted)
    return sum(count * confidence for count, confidence in counted) / total if total else 0.0


def stand_on_end(words: Iterable[Glyphs]) -> bool:
    """Whether most words of three letters and more are higher than wide."""
    shapes = [word.bottom - word.top > word.right - word.left for word in words if len(word.text) >= 3]
    return 2 * sum(shapes) > len(shapes)


def scaled(words: Iterable[Glyphs], factor: float) -> list[Glyphs]:
    """The words on an image that is `factor` times as wide and as high."""
    return [
        replace(
            word, left=word.left * factor, top=word.top * factor, right=word.right * factor, bottom=word.bottom * factor
        )
        for word in words
    ]


def turned(words: Iterable[Glyphs], turns: int, width: float, height: float) -> list[Glyphs]:
    """The words of an image of this size (pixels) after it is turned clockwise by so many quarter turns."""
    standing = list(words)
    for _ in range(turns % 4):
        standing = [
            replace(word, left=height - word.bottom, top=word.left, right=height - word.top, bottom=word.right)
            for word in standing
        ]
        width, height = height, width
    return standing


def union(word: Glyphs, piece: Glyphs) -> Glyphs:
    """Both as one word; as sure as they are on average."""
    return Glyphs(
        word.text + piece.text,
        min(word.left, piece.left),
        min(word.top, piece.top),
        max(word.right, piece.right),
        max(word.bottom, piece.bottom),
        certainty((word, piece)),
    )


def shared_area(word: Glyphs, other: Glyphs) -> float:
    """How many square pixels both boxes cover."""
    width = min(word.right, other.right) - max(word.left, other.left)
    height = min(word.bottom, other.bottom) - max(word.top, other.top)
    return max(0.0, width) * max(0.0, height)


def area(word: Glyphs) -> float:
    """The square pixels of a word's box."""
    return (word.right - word.left) * (word.bottom - word.top)
