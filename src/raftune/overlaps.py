"""How far two texts have the same sequences: ROUGE-L and chrF."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from raftune.comparison import normalise_answer

ORDER, BETA = 6, 2.0


def rouge_l(given: str, wanted: str, language: str) -> float:
    """F1 of the longest common subsequence (Lin 2004, section 3), of words, or of a Korean text's characters."""
    first, second = (units(text, language) for text in (given, wanted))
    if not first or not second:
        return float(first == second)
    return 2 * common_subsequence(first, second) / (len(first) + len(second))


def units(text: str, language: str) -> list[str]:
    """The words of a normalised text; for Korean its characters without white space."""
    plain = normalise_answer(text, language)
    return list(plain.replace(" ", "")) if language == "ko" else plain.split()


def common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest sequence that both hold in order, gaps allowed."""
    row = [0] * (len(second) + 1)
    for one in first:
        before = 0
        for place, other in enumerate(second, 1):
            before, row[place] = row[place], before + 1 if one == other else max(row[place], row[place - 1])
    return row[-1]


def chrf(given: str, wanted: str) -> float:
    """chrF2 of a sentence, 0 to 1: character n-grams of 1 to 6 without white space, recall counting twice
    (Popovic 2015, section 2; n for which a text is too short are left out, as in sacreBLEU).
    """
    first, second = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (given, wanted))
    if not first or not second:
        return float(first == second)
    orders = range(1, min(ORDER, len(first), len(second)) + 1)
    pairs = [(ngrams(first, order), ngrams(second, order)) for order in orders]
    same = [(one & other).total() for one, other in pairs]
    precision = sum(count / one.total() for count, (one, _) in zip(same, pairs, strict=True)) / len(pairs)
    recall = sum(count / other.total() for count, (_, other) in zip(same, pairs, strict=True)) / len(pairs)
    if not precision + recall:
        return 0.0
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def ngrams(text: str, order: int) -> Counter[str]:
    """The n-grams of a text with how often each stands there."""
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))
