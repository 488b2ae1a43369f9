"""Numbers of spreadsheets as a person sees them: "3.50%", "₩1,234,567", "2024-03-01", "(120)"."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "General",
    13: "General", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "0.0E+0", 49: "@",
}  # fmt: skip
BUILT_IN |= dict.fromkeys(
    [*range(27, 37), *range(50, 59)], "yyyy-mm-dd"
)  # East Asian dates, written as each country does
TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[(h+|m+|s+)\]|\[[^\]]*\]|(AM/PM|A/P|오전/오후)|(\.0+(?=$|[^0#?]))|'
    r"(y+|m+|d+|h+|s+|a{3,4}|e+|g+)|(.)",
    re.IGNORECASE | re.DOTALL,
)
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
DIGITS = re.compile(r"[0#?][0#?,.]*(?:E[+-]?[0#?]+)?|\.[0#?]+", re.IGNORECASE)
DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - sheets know no time zones
LAST_DAY = 2_958_465  # the end of the year 9999
WEEKDAYS = "월화수목금토일"


class Part(NamedTuple):
    """A piece of a date format: what it is ("text", "field", "lapse", "half", "fraction"), and its letters."""

    kind: str
    text: str


def shown(value: float, form: str, *, from_1904: bool = False) -> str:
    """A number in a format, as the sheet shows it; as it is where the format cannot be followed."""
    if form == "General":
        return general(value)
    sections = split_sections(form)
    section = sections[0]
    if len(sections) > 1 and value < 0:
        section, value = sections[1], -value
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    if not section:
        return ""
    bare = QUOTED.sub("", section)
    if re.search("general", bare, re.IGNORECASE):
        return literals(re.sub("general", lambda _: f'"{general(value)}"', section, flags=re.IGNORECASE))
    if is_date(section):
        return date_text(value, section, from_1904=from_1904)
    if "@" in bare or "/" in bare:
        return general(value)
    return number_text(value, section)


@lru_cache(maxsize=512)
def split_sections(form: str) -> tuple[str, ...]:
    """A format's sections for positive and negative numbers, zero and text."""
    sections, current = [], ""
    for match in re.finditer(r'"[^"]*"|\\.|\[[^\]]*\]|;|.', form, re.DOTALL):
        if match.group() == ";":
            sections.append(current)
            current = ""
        else:
            current += match.group()
    return (*sections, current)


@lru_cache(maxsize=512)
def is_date(section: str) -> bool:
    """Whether a section shows a date or a time."""
    bare = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.|general', "", section, flags=re.IGNORECASE)
    return bool(DATE_SIGNS.search(bare)) and not re.search(r"[#?]|0(?![0]*$)(?=[,.]0)", bare)


def general(value: float) -> str:
    """A number without a format: up to eleven figures, and no binary noise."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.11g}"


def number_text(value: float, section: str) -> str:
    """A number in a section with places for figures."""
    places = DIGITS.search(QUOTED.sub(lambda match: "\0" * len(match.group()), section))
    if places is None:
        return literals(section)
    pattern = places.group()
    figures = scientific(value, pattern) if "E" in pattern.upper() else fixed(value, section, pattern)
    sign = "-" if value < 0 and figures.strip("0.,") else ""
    return sign + literals(section[: places.start()]) + figures + literals(section[places.end() :])


def fixed(value: float, section: str, pattern: str) -> str:
    """The figures of a number without its sign: decimals, thousands, percent, a thousandth for each last comma."""
    scaled = abs(value) * 100 ** QUOTED.sub("", section).count("%")
    trimmed = pattern.rstrip(",")
    scaled /= 1000 ** (len(pattern) - len(trimmed))
    whole, _, decimals = trimmed.partition(".")
    text = f"{round_half_up(scaled, len(decimals)):{',' if ',' in whole else ''}.{min(len(decimals), 30)}f}"
    for place in reversed(decimals):
        if place != "#" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.removesuffix(".")
    front, point, rest = text.partition(".")
    least = whole.replace(",", "").count("0")
    return (front.rjust(least, "0") if front != "0" or least else "") + point + rest


def round_half_up(value: float, decimals: int) -> float:
    """Rounded as sheets round: 0.125 to 0.13, which binary fractions would not always give."""
    return round(value + 1e-9 * 10**-decimals, decimals) if decimals < 12 else value


def scientific(value: float, pattern: str) -> str:
    """The figures of a number as a power of ten."""
    mantissa = pattern.upper().partition("E")[0]
    return f"{abs(value):.{len(mantissa.partition('.')[2])}E}"


def literals(section: str) -> str:
    """The fixed text around a number's places."""
    return "".join(match[1] or match[2] or match[3] or "" if match[0][0] in '"\\[_*' else match[0]
                   for match in TOKEN.finditer(section))  # fmt: skip


def date_text(value: float, section: str, *, from_1904: bool) -> str:
    """A day number as date and time in a section; the number where there is no such day."""
    if not 0 <= value <= LAST_DAY:
        return general(value)
    moment = (EPOCH_1904 if from_1904 else EPOCH) + timedelta(milliseconds=round(value * 86_400_000))
    parts = date_parts(section)
    halves = any(part.kind == "half" for part in parts)
    texts = []
    for index, part in enumerate(parts):
        if part.kind == "field":
            minutes = part.text[0] == "m" and len(part.text) < 3 and is_minutes(parts, index)
            texts.append(field_text(moment, "n" * len(part.text) if minutes else part.text, halves=halves))
        elif part.kind == "lapse":
            unit = {"h": 24, "m": 1440, "s": 86_400}[part.text[0]]
            texts.append(str(int(value * unit + 1e-6)))
        elif part.kind == "half":
            texts.append(half_text(moment, part.text))
        else:
            texts.append(f".{moment.microsecond:06}"[: len(part.text)] if part.kind == "fraction" else part.text)
    return "".join(texts).strip()


@lru_cache(maxsize=512)
def date_parts(section: str) -> tuple[Part, ...]:
    """The pieces of a date's section."""
    parts = []
    for match in TOKEN.finditer(section):
        quoted, escaped, currency, lapse, half, fraction, field, other = match.groups()
        if lapse:
            parts.append(Part("lapse", lapse.lower()))
        elif half:
            parts.append(Part("half", half))
        elif fraction:
            parts.append(Part("fraction", fraction))
        elif field:
            parts.append(Part("field", field.lower()))
        else:
            parts.append(Part("text", quoted or escaped or currency or other or ""))
    return tuple(parts)


def is_minutes(parts: tuple[Part, ...], index: int) -> bool:
    """Whether an "m" means minutes: it follows hours, or seconds follow it."""
    before = next((part for part in reversed(parts[:index]) if part.kind in {"field", "lapse"}), None)
    after = next((part for part in parts[index + 1 :] if part.kind in {"field", "lapse"}), None)
    return (before is not None and before.text[0] == "h") or (after is not None and after.text[0] == "s")


def field_text(moment: datetime, field: str, *, halves: bool) -> str:
    """One field of a date: "yyyy", "mm", "n" for minutes, "aaa" for the Korean day of the week."""
    letter, length = field[0], len(field)
    hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
    numbers = {"d": moment.day, "m": moment.month, "n": moment.minute, "h": hour, "s": moment.second}
    if letter in {"y", "e"}:
        return f"{moment.year % 100:02}" if letter == "y" and length < 3 else str(moment.year)
    if letter == "a":
        return WEEKDAYS[moment.weekday()] + ("요일" if length > 3 else "")
    if letter in {"d", "m"} and length > 2:
        name = moment.strftime("%A" if letter == "d" else "%B")
        return name if length == 4 else name[0] if length == 5 else name[:3]
    return str(numbers.get(letter, "")).zfill(min(length, 2))


def half_text(moment: datetime, marks: str) -> str:
    """The half of the day."""
    first, _, second = marks.partition("/")
    return first if moment.hour < 12 else second
