"""Korean questions by rule: what something is, what a condition asks for; else a figure or name to fill in."""

import re

from raftune.asking import Asked

BLANK = "____"
SCALE = r"(?:\s?(?:만|억|조|천|백|여))*"
UNITS = (
    r"퍼센트|%|달러|원|개월|개소|개|명|곳|건|년|월|일|시간|분|초|회|차례|배|쪽|호|세|주|종|가지|단계|인|점|위|톤"
    r"|미터|킬로미터|대|권|면|차|층|km|kg|[kMGT]i?B|비트|바이트|[MG]Hz"
)
UNIT = rf"(?:{SCALE}\s?(?:{UNITS})|{SCALE}\s?(?:만|억|조)(?=\s\d))"
LIMIT = r"(?:\s?(?:이상|이하|이내|미만|초과))?"
FIGURE = r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)*"
KINDS = (
    ("수치는", re.compile(rf"{FIGURE}{UNIT}(?:\s?\d[\d,]*{UNIT})*{LIMIT}")),
    ("숫자는", re.compile(rf"{FIGURE}(?=[ 가-힣]|$)(?!\s?(?:절|장|조|항|판|릴리스|버전용|월|에는|에서|의))")),
    ("용어는", re.compile(r"(?<=[‘“])[^‘’“”]{2,30}(?=[’”])")),
    ("이름은", re.compile(r"(?<![\w.-])[A-Za-z][A-Za-z0-9]*(?:[ ./+-][A-Za-z0-9]+)*(?![A-Za-z0-9_/])")),
)
MEANS = r"(?:을|를) (?:말한다|말합니다|뜻한다|뜻합니다|의미한다|의미합니다)$"
DEFINITION = re.compile(rf"^(?P<subject>[^,.은는]{{2,30}}?)(?:이란|란|은|는) (?P<answer>.{{6,}}?){MEANS}")
CONDITION = re.compile(
    r"^(?P<condition>.{10,110}?(?:경우에는|경우|거라면|라면|으면|하면|려면|때에는|때는)),? "
    r"(?P<answer>[^,]{8,}(?:야|아야|어야) (?:합니다|한다))$"
)
UNCLEAR = re.compile(
    r"^(?:이 |이는|이것|이를|이들|그 |그는|그것|여기|거기|위 |위의|아래|다음|또한|또|따라서|그러나|하지만|그리고"
    r"|예를 들어|특히|보통|즉|이러한|그러한|이와|반면|한편|단,|다만|이 외|\()"
    r"|참고\)|참조\)|참고하|참조하|(?<![가-힣])(?:절|장|그림|표) ?\d|\d절"
)
ASIDE = re.compile(r"\s*\([^()]*(?:참고|참조)[^()]*\)")


def ask(sentence: str, heading: str, passage: str) -> Asked | None:  # noqa: ARG001 - the shape all languages share
    """The best question that a rule is sure of, or None."""
    plain = ASIDE.sub("", sentence.removeprefix("- ")).strip()
    if UNCLEAR.search(plain) or not re.search(r"다\.$", plain) or re.search(r"다\. ", plain) or not balanced(plain):
        return None
    bare = plain.removesuffix(".")
    for asked in (defined(bare), named(bare), conditional(bare)):
        if asked is not None and fits(asked, sentence):
            return asked
    return fill_in(bare, sentence, heading)


def balanced(text: str) -> bool:
    """Whether brackets and quotation marks have their partners: if not, the sentence was cut badly."""
    pairs = (("(", ")"), ("[", "]"), ("“", "”"), ("‘", "’"))
    return all(text.count(opening) == text.count(closing) for opening, closing in pairs) and text.count('"') % 2 == 0


def fits(asked: Asked, sentence: str) -> bool:
    """Whether the answer is a verbatim part of the sentence, and no more than two thirds of it."""
    return asked.answer in sentence and len(asked.answer) <= min(150, 0.7 * len(sentence))


def defined(bare: str) -> Asked | None:
    """What a term means."""
    match = DEFINITION.match(bare)
    if match is None:
        return None
    subject = match["subject"].strip("“”‘’\"' ")
    return Asked(f"{subject}{topic(subject)} 무엇을 의미합니까?", match["answer"])


def named(bare: str) -> Asked | None:
    """The term that a definition, too long to be an answer, is of."""
    match = DEFINITION.match(bare)
    if match is None or len(match["answer"]) > 180:
        return None
    meaning = re.sub(r"[\"“”]", "'", match["answer"])
    return Asked(
        f'"{meaning}"{object_particle(match["answer"])} 뜻하는 용어는 무엇입니까?', match["subject"].strip("“”‘’\"' ")
    )


def conditional(bare: str) -> Asked | None:
    """What has to be done under a condition."""
    match = CONDITION.match(bare)
    return None if match is None else Asked(f"{match['condition']} 어떻게 해야 합니까?", match["answer"])


def fill_in(bare: str, sentence: str, heading: str) -> Asked | None:
    """The sentence with a figure or name left out that stands there once."""
    for kind, pattern in KINDS:
        for match in reversed(list(pattern.finditer(bare))):
            answer = match.group().strip()
            if bare.count(answer) != 1 or answer in heading or len(answer) < (2 if kind == "이름은" else 1):
                continue
            statement = f"{bare[: match.start()]}{BLANK}{bare[match.start() + len(answer) :]}"
            if answer in sentence and len(statement) <= 190 - len(heading):
                quoted = re.sub(r"[\"“”]", "'", statement)
                about = f'"{heading}"에 관한 설명 ' if heading else "설명 "
                return Asked(f'{about}"{quoted}"에서 빈칸에 들어갈 {kind} 무엇입니까?', answer)
    return None


def topic(word: str) -> str:
    """The topic particle that fits the end of a word."""
    return "은" if ends_closed(word) else "는"


def object_particle(word: str) -> str:
    """The object particle that fits the end of a word."""
    return "을" if ends_closed(word) else "를"


def ends_closed(word: str) -> bool:
    """Whether the last syllable ends in a consonant."""
    return "가" <= word[-1] <= "힣" and (ord(word[-1]) - ord("가")) % 28 > 0
