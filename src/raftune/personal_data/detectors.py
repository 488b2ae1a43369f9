"""What each kind of personal data looks like. Patterns see text whose wide figures and dashes are plain ASCII."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from raftune.personal_data.check_digits import (
    digits_of,
    has_business_check,
    has_resident_check,
    is_card,
    is_corporate,
    is_iban,
    is_resident_date,
)

PersonalKind = Literal[
    "resident_number", "social_security_number", "driving_licence", "passport", "iban", "card", "business_number",
    "email", "phone",
]  # fmt: skip
Spans = Iterator[tuple[int, int]]

DASH = r"[ \n]?-[ \n]?"
JOINT = rf"(?:{DASH}|[. ])"
APART, ENDS = r"(?<![\w+#/.-])", r"(?![\w#/]|[-.]\d)"
LABEL_REACH = 24

RESIDENT = re.compile(rf"(?<![\d-])\d{{6}}({DASH}| )?[1-8]\d{{6}}(?![\d-])", re.ASCII)
RESIDENT_LABEL = re.compile(r"(?:주민|외국인)\s?등록|주민번호|resident registration|alien registration", re.IGNORECASE)
CORPORATE_LABEL = re.compile(r"법인")
BUSINESS = re.compile(rf"(?<![\d-])\d{{3}}(?:({DASH})\d{{2}}{DASH}|\d{{2}})\d{{5}}(?![\d-])", re.ASCII)
BUSINESS_LABEL = re.compile(r"사업자|business registration", re.IGNORECASE)
CARD = re.compile(
    r"(?<![\w.,-])(?<!\d )(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})"
    r"(?![\w,-]|[ .]\d)",
    re.ASCII,
)
SOCIAL = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])", re.ASCII)
SOCIAL_LABEL = re.compile(r"\bSSN\b|social security", re.IGNORECASE)
PAPER_LABEL = re.compile(
    r"\b(?:bulletin|directive|docket|notice|order|part|model|release|report|form)\b", re.IGNORECASE
)
LICENCE = re.compile(r"(?<![\d-])(?:1[1-9]|2[0-68])-\d{2}-\d{6}-\d{2}(?![\d-])", re.ASCII)
PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d{7,8}|M\d{3}[A-Z]\d{4})(?![A-Za-z0-9])", re.ASCII)
PASSPORT_LABEL = re.compile(r"여권|passport", re.IGNORECASE)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII)
EMAIL = re.compile(
    r"(?<![\w.+%@/-])[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![\w@])",
    re.ASCII,
)
RESERVED = re.compile(
    r"^git@|@(?:.*\.)?(?:example(?:\.(?:com|org|net|edu))?|example\.(?:co|or)\.kr|test|invalid|localhost|local)$"
    r"|\.(?:service|socket|target|timer|mount|conf|png|jpe?g|gif|svg|js|css)$",
    re.IGNORECASE,
)
MOBILE = rf"{APART}(?:\(?01[016789]\)?{JOINT}?\d{{3,4}}{JOINT}\d{{4}}|010\d{{8}}){ENDS}"
LANDLINE = (
    rf"{APART}\(?(?:02|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d?))(?:\) ?|\)?{DASH}|\.)\d{{3,4}}"
    rf"{JOINT}\d{{4}}{ENDS}"
)
FREE_OF_CHARGE = r"8(?:00|33|44|55|66|77|88)"
NORTH_AMERICAN = (
    rf"{APART}(?:\+?1[-. ])?(?:\((?!{FREE_OF_CHARGE})[2-9]\d\d\)[ \n]?|(?!{FREE_OF_CHARGE})[2-9]\d\d[-.])"
    rf"[2-9]\d\d[-.]\d{{4}}{ENDS}"
)
INTERNATIONAL = (
    rf"(?<![\w+#/.])\+(?!1[-. ]?\(?{FREE_OF_CHARGE})[1-9]\d{{0,2}}(?:[ .-]?\(?\d{{1,4}}\)?|\n\d{{2,4}}){{2,5}}"
    r"(?![\w#/,]|[-.]\d)"
)
PHONE = re.compile(f"{MOBILE}|{LANDLINE}|{NORTH_AMERICAN}|{INTERNATIONAL}", re.ASCII)
FEWEST_DIGITS, MOST_DIGITS = 8, 15


def labelled(label: re.Pattern[str], text: str, start: int) -> bool:
    """Whether a label stands shortly before a place, in its line."""
    return label.search(text[max(0, start - LABEL_REACH) : start].rpartition("\n")[2]) is not None


def resident_numbers(text: str) -> Spans:
    """Resident and foreigner registration numbers.

    Numbers given out since October 2020 have no check digit, so with a dash a date of birth is enough. Thirteen figures
    in a row, or parted by a space, need the check digit or the words "resident registration" before them.
    """
    for match in RESIDENT.finditer(text):
        number = digits_of(match.group())
        if not is_resident_date(number) or is_corporate(number) or labelled(CORPORATE_LABEL, text, match.start()):
            continue
        dashed = "-" in (match.group(1) or "")
        if (
            dashed
            or labelled(RESIDENT_LABEL, text, match.start())
            or (not match.group(1) and has_resident_check(number))
        ):
            yield match.span()


def business_numbers(text: str) -> Spans:
    """Korean business registration numbers; without dashes only behind a label."""
    for match in BUSINESS.finditer(text):
        sure = match.group(1) is not None or labelled(BUSINESS_LABEL, text, match.start())
        if sure and has_business_check(digits_of(match.group())):
            yield match.span()


def social_security_numbers(text: str) -> Spans:
    """United States social security numbers; only behind a label where spaces part them, or a paper's name precedes."""
    for match in SOCIAL.finditer(text):
        before = text[max(0, match.start() - LABEL_REACH) : match.start()]
        paper = PAPER_LABEL.search(before) is not None
        if (match.group(1) == "-" and not paper) or SOCIAL_LABEL.search(before):
            yield match.span()


def passports(text: str) -> Spans:
    """Passport numbers, only behind a label: they look like the numbers of many other things."""
    return (match.span() for match in PASSPORT.finditer(text) if labelled(PASSPORT_LABEL, text, match.start()))


def cards(text: str) -> Spans:
    """Payment card numbers; those of Korea's own prefix 9 only in four dashed groups."""
    for match in CARD.finditer(text):
        own = match.group().startswith("9")
        if is_card(match.group()) and (not own or match.group(1) == "-"):
            yield match.span()


def phones(text: str) -> Spans:
    """Korean, North American and international telephone numbers; numbers free of charge are nobody's own."""
    for match in PHONE.finditer(text):
        if FEWEST_DIGITS <= len(digits_of(match.group())) <= MOST_DIGITS:
            yield match.span()


DETECTORS: dict[PersonalKind, Callable[[str], Spans]] = {
    "resident_number": resident_numbers,
    "social_security_number": social_security_numbers,
    "driving_licence": lambda text: (match.span() for match in LICENCE.finditer(text)),
    "passport": passports,
    "iban": lambda text: (match.span() for match in IBAN.finditer(text) if is_iban(match.group())),
    "card": cards,
    "business_number": business_numbers,
    "email": lambda text: (match.span() for match in EMAIL.finditer(text) if not RESERVED.search(match.group())),
    "phone": phones,
}
"""How each kind is found, the surest kind first: where two find the same characters, the first has them."""
