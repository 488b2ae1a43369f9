"""Kinds of questions: which ones a passage can serve, how many of each are wanted, and which kind a question is."""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from raftune.digest import digest
from raftune.records import Kind, Language
from raftune.teaching.lines import Line, quotable

DEFAULT_MIX: dict[Kind, float] = {
    "fact": 0.3, "number": 0.25, "condition": 0.15, "procedure": 0.1, "comparison": 0.1, "table": 0.1,
}  # fmt: skip
FIGURE = re.compile(r"\d")
MEASURE = re.compile(r"(?<![\d.,/-])(?!(?:19|20)\d\d(?!\d))\d")
"""A figure other than a year: a year alone asks for no number."""
SIGNS: dict[Kind, dict[Language, re.Pattern[str]]] = {
    "comparison": {
        "en": re.compile(r"\b(?:than|compared|versus|whereas|while|unlike|(?:in|de)creased|rose|fell|higher|lower)\b"),
        "ko": re.compile(r"보다|비해|비하여|대비|반면|달리|차이|증가|감소|늘어|줄어"),
    },
    "procedure": {
        "en": re.compile(
            r"\b(?:first|then|next|finally|after(?:wards)?|before|steps?|procedures?|process|submit|apply|install|run"
            r"|select|click|enter)\b"
        ),
        "ko": re.compile(
            r"먼저|우선|다음으로|마지막으로|절차|방법|단계|신청|제출|설치|실행|선택|입력|한 뒤|한 후|하려면"
        ),
    },
    "condition": {
        "en": re.compile(r"\b(?:if|unless|except|only|provided that|when|where|until|subject to)\b"),
        "ko": re.compile(r"경우|다만|제외|한하여|한해|이상|이하|미만|초과|이면|라면|으면|하면|때에는|조건|예외"),
    },
}
ASKED: dict[Kind, dict[Language, re.Pattern[str]]] = {
    "comparison": {
        "en": re.compile(r"\b(?:than|compared|differ\w*|difference|more or less|by how much)\b"),
        "ko": re.compile(r"보다|비해|비하여|비교|차이|다른 점|대비"),
    },
    "procedure": {
        "en": re.compile(
            r"\bhow (?:do|does|can|should|must|to|is .+ (?:done|made|installed))\b|\bwhat (?:steps?|procedure)\b"
        ),
        "ko": re.compile(r"어떻게 (?:해야|하|설치|신청|진행)|절차|방법|순서|단계"),
    },
    "condition": {
        "en": re.compile(r"\b(?:if|unless|except\w*|under what|in which cases?|when (?:must|may|can|is|are))\b"),
        "ko": re.compile(r"경우|때에는|조건|예외|제외"),
    },
}
NUMERIC = re.compile(r"^\W*(?:about|약|총|approximately|over|up to)?\s*[$€£₩]?\d[\d,.]*\s?\S{0,12}(?:\s\S{1,12})?$")


def servable(lines: Sequence[Line], language: Language) -> tuple[Kind, ...]:
    """The kinds of question that a passage has the material for, in the order of `DEFAULT_MIX`."""
    own = quotable(lines)
    text = "\n".join(line.text for line in own).lower()
    sentences = [line.text for line in own if not line.is_row]
    found: dict[Kind, bool] = {
        "fact": True,
        "number": MEASURE.search(text) is not None,
        "comparison": sum(map(bool, map(FIGURE.search, sentences))) > 1
        and SIGNS["comparison"][language].search(text) is not None,
        "procedure": len(SIGNS["procedure"][language].findall(text)) > 1,
        "condition": any(SIGNS["condition"][language].search(sentence.lower()) for sentence in sentences),
        "table": any(line.is_row and FIGURE.search(line.text) for line in own),
    }
    return tuple(kind for kind in DEFAULT_MIX if found[kind])


def allocated(kinds: Sequence[Kind], mix: Mapping[Kind, float], count: int, salt: str) -> tuple[Kind, ...]:
    """`count` kinds among `kinds`, in their order; none where the mix wants none of them.

    A chunk's share of each kind is its weight's, rounded up or down by chance (systematic sampling; the chance is a
    digest of `salt`), so that over many chunks the mix comes out. Each chunk stands for itself: adding a document
    changes nothing for another.
    """
    weights = [(mix or DEFAULT_MIX).get(kind, 0.0) for kind in kinds]
    total = sum(weights)
    if not total:
        return ()
    offset = int(digest(["kinds", salt])[:8], 16) / 16**8
    points = [(number + offset) / count for number in range(count)]
    ends = [end / total for end in accumulate(weights)]
    last = max(index for index, weight in enumerate(weights) if weight)
    places = (next((index for index, end in enumerate(ends) if point < end), last) for point in points)
    return tuple(kinds[place] for place in places)


def kind_of(question: str, answer: str, language: Language, *, of_row: bool, claimed: Kind | None = None) -> Kind:
    """The kind of a question. What a teacher claimed counts unless the answer belies it; without a claim, by rule."""
    if of_row:
        return "table"
    is_figure = NUMERIC.search(answer) is not None and FIGURE.search(answer) is not None
    if claimed in ("comparison", "procedure", "condition"):
        return claimed
    if claimed in ("fact", "number") and (is_figure or not answer):
        return "number" if is_figure else claimed
    if claimed == "fact":
        return claimed
    asked = question.lower()
    found = (kind for kind, patterns in ASKED.items() if patterns[language].search(asked))
    return next(found, "number" if is_figure else "fact")
