"""Bytes -> text in UTF-8, UTF-16 with a byte order mark, or Korean CP949; nothing is guessed that cannot be told."""

import codecs
import re

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
MARKUP = re.compile(r"\s*(?:<!doctype|<html|<\?xml|\{\\rtf|%!PS)", re.IGNORECASE)
COMMON_SYLLABLES = frozenset("이다는의에을를가은한하고로도지사기대자리어시인과나정일보제해서수상전")


def decode_text(data: bytes, *, cut: bool) -> str | None:
    """The text, lines ended by line feeds; None for binary data, another encoding, or markup for machines.

    `cut` says that `data` may stop in the middle of a character.
    """
    text = decode(data, cut=cut)
    if text is None or CONTROL.search(text) or MARKUP.match(text):
        return None
    return re.sub(r"\r\n?", "\n", text)


def decode(data: bytes, *, cut: bool) -> str | None:
    """The characters of `data` by its byte order mark, else as UTF-8, else as CP949 where that reads like Korean."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return decode_as(data, encoding, cut=cut)
    text = decode_as(data, "utf-8", cut=cut)
    if text is None and (korean := decode_as(data, "cp949", cut=cut)) is not None and looks_korean(korean):
        return korean
    return text


def decode_as(data: bytes, encoding: str, *, cut: bool) -> str | None:
    """The text in one encoding, or None where the bytes do not fit."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not cut)
    except UnicodeDecodeError:
        return None


def looks_korean(text: str) -> bool:
    """Whether text decoded as CP949 reads like Korean: mostly Hangul syllables, many of them the common ones."""
    foreign = [character for character in text if ord(character) > 127]
    hangul = [character for character in foreign if "가" <= character <= "힣"]
    common = sum(character in COMMON_SYLLABLES for character in hangul)
    return len(hangul) >= 0.7 * len(foreign) and common >= 0.1 * len(hangul)
