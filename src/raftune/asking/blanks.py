"""English figures and names to fill in: right by construction, whatever the sentence says."""

import re

from raftune.asking import Asked

BLANK = "____"
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
SCALE = r"(?: (?:hundred|thousand|million|billion|trillion))?"
FIGURE = r"\d[\d,]*(?:\.\d+)?(?![\w]|[.,]\d|-[a-z])"
NOT_AFTER = r"(?<![\w.,$€£#/-])(?<!\b[A-Z])(?<!Act )(?<!ASC )(?<!Part )(?<!Basel )"
LABEL = re.compile(
    r"\b(?:tables?|figures?|notes?|sections?|box|appendix|chapters?|title|parts?|article|page|SR|CA|No\.|version|ASC|form|step|phase"
    r"|tier|level|schedule|rule|regulation|Sec\.|§)\s*$",
    re.IGNORECASE,
)
KINDS = (
    ("amount", re.compile(rf"(?:US)?[$€£₩]\s?\d[\d,]*(?:\.\d+)?{SCALE}(?!\d)")),
    ("percentage", re.compile(rf"{NOT_AFTER}\d[\d,]*(?:\.\d+)?(?: percent(?:age points?)?\b| basis points|%)")),
    ("number", re.compile(rf"{NOT_AFTER}(?!(?:19|20)\d\d\b){FIGURE}{SCALE}")),
    (
        "number",
        re.compile(
            r"(?<![\w-])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![\w-]| of\b| or\b)"
        ),
    ),
    ("date", re.compile(rf"\b{MONTH} (?:\d{{1,2}}, )?(?:19|20)\d\d")),
    ("year", re.compile(rf"{NOT_AFTER}(?:19|20)\d\d(?![\w-])")),
)
FRONT_DATE = re.compile(r"(?:In|During|By|As of|At|Through|Since|On) ")
FRONTED = re.compile(r"(?:In|On|At|As|For|To|By|With|Under|During|When|While|If|After|Before|Since|From|Given) ")
FRONT_YEAR = re.compile(r"^(?:In|During|By) ((?:19|20)\d\d),")
NAME = re.compile(r"\b[A-Z0-9][\w&-]*(?: (?:(?:of|for|and|the|on) )?[A-Z][\w&-]*)+(?![’\w])")
LONGEST_STATEMENT = 150
BOUNDARY = re.compile(r"[,;](?= )| (?:and|but|while|which|that|where|as well as) ")


def fill_in(plain: str, sentence: str, heading: str, passage: str) -> Asked | None:
    """The sentence with its most telling figure, date or name left out, or None where it has none.

    `plain` is the sentence without asides and full stop; the answer stands in `sentence` as it is.
    """
    if (chosen := telling(plain, heading, passage)) is None:
        return None
    kind, start, end = chosen
    answer = plain[start:end]
    statement = without_tail(f"{plain[:start]}{BLANK}{plain[end:]}", start + len(BLANK))
    if answer not in sentence or answer in statement or len(statement) > 205 - len(heading):
        return None
    quoted = re.sub(r"[\"“”]", "'", statement)
    about = f'Regarding "{heading}", which' if heading else "Which"
    return Asked(f'{about} {kind} completes "{quoted}"?', answer)


def telling(plain: str, heading: str, passage: str) -> tuple[str, int, int] | None:
    """Kind and place of what is left out: a figure that stands there once, amounts first; else a name."""
    for kind, pattern in KINDS:
        for match in reversed(list(pattern.finditer(plain))):
            if usable(match, plain, heading) and not LABEL.search(plain[: match.start()]):
                return kind, match.start(), match.end()
    names = [match for match in NAME.finditer(plain) if match.start() and usable(match, plain, heading)]
    names = [match for match in names if passage.count(match.group()) == 1]
    longest = max(names, key=lambda match: match.end() - match.start(), default=None)
    if longest is not None:
        return "name", longest.start(), longest.end()
    front = next(FRONT_YEAR.finditer(plain), None)
    return None if front is None or plain.count(front.group(1)) > 1 else ("year", front.start(1), front.end(1))


def usable(match: "re.Match[str]", plain: str, heading: str) -> bool:
    """Whether a figure is not given away elsewhere, nor the date at the front that says what the rest is about."""
    answer = match.group()
    once = len(re.findall(rf"(?<![\w.,]){re.escape(answer)}(?![\w]|[.,]\d)", plain)) <= 1
    dates_the_rest = 0 < match.start() < 16 and FRONT_DATE.match(plain) is not None
    return once and answer not in heading and not dates_the_rest


def without_tail(statement: str, after: int) -> str:
    """A long statement up to the first boundary behind the blank."""
    if len(statement) <= LONGEST_STATEMENT:
        return statement
    lead = statement.find(", ") + 30 if FRONTED.match(statement) else 0
    cut = next((match for match in BOUNDARY.finditer(statement, after + 12) if match.start() >= max(80, lead)), None)
    return statement if cut is None else f"{statement[: cut.start()]} …"
