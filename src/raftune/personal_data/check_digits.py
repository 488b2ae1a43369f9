"""Whether a number can be what it looks like: check digits, dates of birth, issuers' prefixes and lengths."""

import re
from calendar import monthrange

RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
CORPORATE_WEIGHTS = (1, 2) * 6
LATEST_YEAR = 39
"""The last year of this century that counts as a year of birth: no clock is read."""
OLDEST_YEAR = 29
"""Who was born in a year of the last century below this one is over a hundred by the time anyone reads this."""
CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|9\d{15}"
)
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
    "IT": 27, "KZ": 20, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
    "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def digits_of(text: str) -> list[int]:
    """The figures of a text."""
    return [int(character) for character in text if character in "0123456789"]


def weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    """The sum of digits times weights, as far as there are weights."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def is_resident_date(number: list[int]) -> bool:
    """Whether the first seven figures of a Korean resident or foreigner number are a date of birth and a century."""
    year, month, day = (10 * number[at] + number[at + 1] for at in (0, 2, 4))
    if number[6] not in range(1, 9) or not 1 <= month <= 12:
        return False
    last_century = number[6] in (1, 2, 5, 6)
    if not last_century and year > LATEST_YEAR:
        return False
    return 1 <= day <= monthrange((1900 if last_century else 2000) + year, month)[1]


def has_resident_check(number: list[int]) -> bool:
    """Whether the 13th figure is the check digit of a resident number, or for foreigners (5 to 8) of theirs."""
    rest = 11 - weighted(number, RESIDENT_WEIGHTS) % 11
    return number[12] == (rest + (2 if number[6] >= 5 else 0)) % 10


def is_corporate(number: list[int]) -> bool:
    """Whether 13 figures in the form of a resident number are a company's: its check digit, and nobody's likely age."""
    digit = (10 - weighted(number, CORPORATE_WEIGHTS) % 10) % 10
    unlikely_age = number[6] in (1, 2, 5, 6) and 10 * number[0] + number[1] < OLDEST_YEAR
    return unlikely_age and number[12] == digit and not has_resident_check(number)


def has_business_check(number: list[int]) -> bool:
    """Whether the tenth figure of a Korean business registration number is its check digit."""
    total = weighted(number, BUSINESS_WEIGHTS) + number[8] * 5 // 10
    return len(set(number)) > 1 and number[9] == (10 - total % 10) % 10


def is_card(text: str) -> bool:
    """Whether the figures of a text have an issuer's prefix and length, and Luhn's check digit."""
    number = digits_of(text)
    if not CARD.fullmatch("".join(map(str, number))):
        return False
    doubled = [digit * 2 - 9 * (digit > 4) for digit in number[-2::-2]]
    return (sum(doubled) + sum(number[-1::-2])) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text is an International Bank Account Number: its country's length, and 1 modulo 97 (ISO 13616)."""
    bare = text.replace(" ", "")
    if IBAN_LENGTHS.get(bare[:2]) != len(bare):
        return False
    return int("".join(str(int(character, 36)) for character in bare[4:] + bare[:4])) % 97 == 1
