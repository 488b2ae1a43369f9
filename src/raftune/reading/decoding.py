"""Bytes -> text, in the encodings of English, Korean, Western and Japanese documents, where it can be told which.

The order: a byte order mark, UTF-16 by its zero bytes, UTF-8, then CP949, Shift-JIS and Windows-1252 where what comes
out reads like the language they are for. A file in several encodings is decoded line by line, with a warning.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from raftune.errors import DocumentError

MOST_BYTES = 20 << 20
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NAMES = {"cp949": "CP949", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp1252": "Windows-1252"}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*(?:<!doctype|<html|<\?xml|\{\\rtf|%!PS)", re.IGNORECASE)
COMMON_SYLLABLES = frozenset("이다는의에을를가은한하고로도지사기대자리어시인과나정일보제해서수상전")
WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒ’‘“”–—…€£¥§©®™°«»·•¿¡ºª½¼²³×±\xa0")
SPOILT_SHARE = 0.01
SHORTEST = 3  # characters from which UTF-16 is told without a mark


class Decoded(NamedTuple):
    """A text with line feeds at its line ends, and what may be amiss with it."""

    text: str
    warnings: tuple[str, ...] = ()


def read_text(path: Path) -> Decoded:
    """The text of a file. Raises DocumentError: "too large" over 20 MB, "damaged" if it is no text, "no text"."""
    if path.stat().st_size > MOST_BYTES:
        message = f"{path.name} holds more than {MOST_BYTES >> 20} MB of text."
        raise DocumentError(message, "Split it into smaller files.", "too large")
    decoded = decode_whole(path.read_bytes())
    if decoded is None:
        raise DocumentError(f"{path.name} is not text throughout.", "Save it again as UTF-8.", "damaged")
    if not decoded.text.strip():
        raise DocumentError(f"{path.name} holds no text.", "Remove it.", "no text")
    return decoded


def decode_text(data: bytes, *, cut: bool) -> str | None:
    """The text, lines ended by line feeds; None for binary data, another encoding, or markup for machines.

    `cut` says that `data` may stop in the middle of a character.
    """
    decoded = decode_whole(data, cut=cut)
    return None if decoded is None or MARKUP.match(decoded.text) else decoded.text


def decode_whole(data: bytes, *, cut: bool = False) -> Decoded | None:
    """The text, markup or not, with a warning where it took more than one encoding; None where it is not text."""
    text = decode(data, cut=cut)
    decoded = decode_lines(data, cut=cut) if text is None else Decoded(text)
    if decoded is None or CONTROL.search(decoded.text):
        return None
    return decoded if "\r" not in decoded.text else decoded._replace(text=re.sub(r"\r\n?", "\n", decoded.text))


def decode(data: bytes, *, cut: bool) -> str | None:
    """The characters of `data` in the one encoding that it is in, or None."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return decode_as(data, encoding, cut=cut)
    if b"\0" in data:
        return decode_unmarked(data, cut=cut)
    text = decode_as(data, "utf-8", cut=cut)
    return legacy(data, cut=cut) if text is None else text


def decode_as(data: bytes, encoding: str, *, cut: bool) -> str | None:
    """The text in one encoding, or None where the bytes do not fit."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not cut)
    except UnicodeDecodeError:
        return None


def decode_unmarked(data: bytes, *, cut: bool) -> str | None:
    """UTF-16 without a mark: one order of its bytes gives letters and line ends, the other what nobody writes."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = decode_as(data, encoding, cut=cut)
        if text and len(text) > SHORTEST and not CONTROL.search(text) and sum(map(is_usual, text)) >= 0.95 * len(text):
            return text
    return None


def is_usual(character: str) -> bool:
    """Whether a character stands in English, Western or Korean text."""
    return character < "\u0250" or "\uac00" <= character <= "\ud7a3" or "\u2010" <= character <= "\u2026"


def legacy(data: bytes, *, cut: bool) -> str | None:
    """The text in the first older encoding in which it reads like the language that encoding is for, or None."""
    encoding = legacy_encoding(data, cut=cut)
    return encoding and decode_as(data, encoding, cut=cut)


def legacy_encoding(data: bytes, *, cut: bool) -> str | None:
    """The older encoding of `data`, or None."""
    tests = {"cp949": looks_korean, "cp932": looks_japanese, "euc_jp": looks_japanese, "cp1252": looks_western}
    for encoding, reads_well in tests.items():
        text = decode_as(data, encoding, cut=cut)
        if text is not None and reads_well(text):
            return encoding
    return None


def decode_lines(data: bytes, *, cut: bool) -> Decoded | None:
    """The text where most lines are UTF-8 and the others are not, with a warning; None where that does not help."""
    if b"\0" in data or CONTROL.search(data.decode("latin-1")):
        return None
    lines = data.split(b"\n")
    if cut and len(lines) > 1:
        lines.pop()  # it may stop inside a character
    others = [line for line in lines if decode_as(line, "utf-8", cut=False) is None]
    shared = legacy_encoding(b"\n".join(others), cut=False)
    encodings = {line: shared or legacy_encoding(line, cut=False) for line in others}
    spoilt = sum(encodings[line] is None for line in others)
    if spoilt > SPOILT_SHARE * len(lines) or len(others) == len(lines):
        return None
    text = "\n".join(line.decode(encodings.get(line) or "utf-8", "replace") for line in lines)
    found = sorted({NAMES[encoding] for encoding in encodings.values() if encoding})
    mixed = (f"lines in {' and '.join(found)} among lines in UTF-8: {len(others) - spoilt}",) if found else ()
    return Decoded(text, (*mixed, *((f"lines with bytes that are no text: {spoilt}",) if spoilt else ())))


def looks_korean(text: str) -> bool:
    """Whether text decoded as CP949 reads like Korean: mostly Hangul syllables, many of them the common ones."""
    foreign = [character for character in text if ord(character) > 127]
    hangul = [character for character in foreign if "가" <= character <= "힣"]
    common = sum(character in COMMON_SYLLABLES for character in hangul)
    return len(hangul) >= 0.7 * len(foreign) and common >= 0.1 * len(hangul)


def looks_japanese(text: str) -> bool:
    """Whether text reads like Japanese: Kanji and Kana, no half-width ones, a fifth of them Hiragana."""
    foreign = [character for character in text if ord(character) > 127]
    hiragana = sum("\u3041" <= character <= "\u3096" for character in foreign)
    usual = sum("\u3000" <= character <= "\u9fff" or "\uff01" <= character <= "\uff5e" for character in foreign)
    return usual >= 0.95 * len(foreign) and hiragana >= 0.2 * len(foreign)


def looks_western(text: str) -> bool:
    """Whether text decoded as Windows-1252 reads like a Western language: few accents, hardly two in a row."""
    foreign = [character for character in text if ord(character) > 127]
    runs = re.findall(r"[^\x00-\x7f]{3,}", text)
    usual = sum(character in WESTERN for character in foreign)
    return 3 * len(foreign) <= len(text) and usual >= 0.95 * len(foreign) and 20 * len(runs) <= len(foreign)
