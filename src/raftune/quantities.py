"""Numbers with their units in English and Korean texts: 3.5 % is not 35 %, and not 3.5 %p."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

LARGE = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 1000, "백": 100}
ENGLISH = {"thousand": 10**3, "million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
UNITS = {
    "pp": r"%\s?p\b|%\s?포인트|퍼센트\s?포인트|percentage points?\b",
    "%": r"%|퍼센트|per ?cent\b",
    "bp": r"bps?\b|basis points?\b",
    "won": r"원|won\b|krw\b",
    "dollar": r"달러|(?:us )?dollars?\b|usd\b",
    "euro": r"유로|euros?\b|eur\b",
    "pound": r"파운드|pounds?\b|gbp\b",
    "yen": r"엔|yen\b|jpy\b",
    "year": r"년|years?\b",
    "month": r"개월|월|months?\b",
    "week": r"주|weeks?\b",
    "day": r"일|days?\b",
    "hour": r"시간|hours?\b",
    "minute": r"분|minutes?\b",
    "person": r"명|people\b|persons?\b",
    "times": r"배|times\b",
    "kilometre": r"km\b|킬로미터|kilomet(?:re|er)s?\b",
    "metre": r"m\b|미터|met(?:re|er)s?\b",
    "kilogram": r"kg\b|킬로그램|kilograms?\b",
    "milligram": r"mg\b|밀리그램|milligrams?\b",
    "gram": r"g\b|그램|grams?\b",
}
SIGNS = {"$": "dollar", "₩": "won", "€": "euro", "£": "pound", "¥": "yen"}
PLAIN = r"\d+(?:,\d{3})*(?:\.\d+)?"
NUMBER = re.compile(
    rf"(?P<article>제\s?)?(?P<sign>[$₩€£¥]\s?)?(?<![\d.])(?P<minus>(?<![\w\d])[-−]\s?)?"
    rf"(?P<number>{PLAIN})(?P<scales>(?:\s?[조억만천백])*)(?P<word>\s?(?:{'|'.join(ENGLISH)})\b)?",
)
UNIT = re.compile(r"\s?(?:" + "|".join(f"(?P<u{place}>{form})" for place, form in enumerate(UNITS.values())) + ")")


class Quantity(NamedTuple):
    """A number with its unit ("" where none is known): 3.5 and "%"."""

    value: Decimal
    unit: str


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order; Korean numbers in parts ("3조 5,000억 원") are one."""
    found: list[Quantity] = []
    joined: Decimal | None = None
    end, least = 0, 0
    for value, scale, unit, start, stop in parts(unicodedata.normalize("NFKC", text).lower()):
        goes_on = joined is not None and start - end <= 1 and value < least
        joined = (joined or Decimal(0)) + value if goes_on else value
        if goes_on:
            found.pop()
        found.append(Quantity(joined, unit))
        end, least = stop, scale
        if unit or scale == 1:
            joined = None
    return found


def parts(text: str) -> Iterator[tuple[Decimal, int, str, int, int]]:
    """Each number as value with its scale, that scale, unit, start and end."""
    for match in NUMBER.finditer(text):
        value, scale, stop = Decimal(match["number"].replace(",", "")), 1, match.end()
        if match["article"]:  # an article of a law: the 조 behind it is no trillion
            yield value, 1, "article", match.start(), stop
            continue
        for sign in match["scales"].replace(" ", ""):
            scale *= LARGE[sign]
        scale *= ENGLISH[match["word"].strip()] if match["word"] else 1
        unit = SIGNS[match["sign"].strip()] if match["sign"] else ""
        if not unit and (found := UNIT.match(text, stop)):
            unit, stop = next(name for name, held in zip(UNITS, found.groups(), strict=True) if held), found.end()
        yield value * scale * (-1 if match["minus"] else 1), scale, unit, match.start(), stop


def same_quantities(given: str, wanted: str) -> bool:
    """Whether each quantity of `wanted` stands in `given`, as often; a unit may be missing on one side."""
    left = quantities(given)
    for quantity in quantities(wanted):
        fits = [
            one
            for one in left
            if one.value == quantity.value and (one.unit == quantity.unit or not one.unit or not quantity.unit)
        ]
        if not fits:
            return False
        left.remove(max(fits, key=lambda one: one.unit == quantity.unit))
    return True
