"""How texts are compared: normalised answers, token and character F1, quotes that stand verbatim, abstentions."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

LEAST_WORDS, LEAST_CHARACTERS = 3, 10
# A point between digits is kept, against the letter of SQuAD's script: without it 3.5 % would equal 35 %.
PUNCTUATION = re.compile(rf"(?<=\d)(\.)(?=\d)|[{re.escape(string.punctuation)}]")
ARTICLES = re.compile(r"\b(?:a|an|the)\b")
KOREAN_MARKS = re.compile(r"['\"《》<>〈〉()‘’“”]")
CLOSED_ANSWERS = frozenset({"yes", "no", "noanswer"})
# A character and what Unicode composes with it: accents, and the vowel and last consonant of a Hangul syllable.
LETTER = re.compile(r".[\u0300-\u036f\u1160-\u11ff]*", re.DOTALL)
SAME_MARKS = str.maketrans("“”„‟‘’‚‛‐‑‒–—−", '""""' + "''''" + "------")
QUOTED = re.compile(r'"([^"\n]+)"|“([^”\n]+)”|「([^」\n]+)」|『([^』\n]+)』|«([^»\n]+)»|^>\s*(\S[^\n]*)$', re.MULTILINE)
ANSWER_LABEL = re.compile(
    r"(?:^|\n)[^\w\n]*(?:final answer|answer|정답|답변|답)\**\s*[:\uff1a]\**\s*(\S[^\n]*)"
    r"|\bthe (?:final )?answer is:?\s+(\S[^\n]*)",
    re.IGNORECASE,
)
PAPERS = r"(?:documents?|passages?|context|text)\b"
UNKNOWN = re.compile(
    rf"\b{PAPERS}[^.?!\n]{{0,40}}?\b(?:do|does|did)(?: not|n['’]t)\s+(?:\w+\s+){{0,2}}?"
    r"(?:hold|contain|include|mention|provide|state|specify|say|answer|give|have)\b"
    r"|\b(?:not|n['’]t|never) (?:\w+ )?(?:mentioned|stated|provided|specified|given|found|contained|included|available)"
    rf" (?:in|by|within) (?:any of )?(?:the|these|this|those)?\s?(?:\w+ )?{PAPERS}"
    rf"|\bno (?:information|answer|mention)\b[^.?!\n]{{0,60}}\b{PAPERS}"
    r"|\bcan ?not be (?:answered|determined|found)\b|\bI (?:do not|don['’]t) know\b"
    r"|\bI (?:can ?not|can['’]t|could not|couldn['’]t|am unable to) (?:answer|determine|find)\b"
    r"|(?:문서|지문|본문|자료)들?에(?:는|서|서는|도)?\s[^.?!\n]{0,40}(?:답|정보|내용|언급|설명|기재|명시)[^.?!\n]{0,15}(?:없|않)"
    r"|(?:답변?할|알|확인할|찾을) 수 없(?:습니다|다|음|어요)|모르겠습니다",
    re.IGNORECASE,
)


def normalise_answer(text: str, language: str) -> str:
    """An answer without what does not count: case, punctuation, spare white space, English articles.

    English as in SQuAD (arXiv 1606.05250, official script), Korean as in KorQuAD 1.0 (arXiv 1909.07005), both
    after Unicode NFKC and with the decimal point kept.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    if language == "ko":
        plain = KOREAN_MARKS.sub(" ", plain)
    plain = PUNCTUATION.sub(r"\1", plain)
    if language != "ko":
        plain = ARTICLES.sub(" ", re.sub(r"[‘’“”]", "", plain))
    return " ".join(plain.split())


def overlap_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Harmonic mean of precision and recall over two multisets; 1 where both are empty."""
    if not given or not wanted:
        return float(given == wanted)
    same = (Counter(given) & Counter(wanted)).total()
    return 2 * same / (len(given) + len(wanted))


def token_f1(given: str, wanted: str) -> float:
    """F1 over the words of normalised English answers; 0 where one says yes and the other does not (HotpotQA)."""
    first, second = normalise_answer(given, "en"), normalise_answer(wanted, "en")
    if first != second and not CLOSED_ANSWERS.isdisjoint((first, second)):
        return 0.0
    return overlap_f1(first.split(), second.split())


def character_f1(given: str, wanted: str) -> float:
    """F1 over the characters, spaces left out, of normalised Korean answers: KorQuAD's official definition."""
    first, second = normalise_answer(given, "ko"), normalise_answer(wanted, "ko")
    return overlap_f1(list(first.replace(" ", "")), list(second.replace(" ", "")))


def answer_f1(given: str, wanted: str, language: str) -> float:
    """Token F1 for English, character F1 for Korean: particles stick to Korean words and would make them differ."""
    return character_f1(given, wanted) if language == "ko" else token_f1(given, wanted)


def find_verbatim(quote: str, text: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`, as (start, end), or None.

    Only the amount of white space and the shape of quotation marks and dashes may differ; case counts.
    """
    words = quote.translate(SAME_MARKS).split()
    match = re.search(r"\s+".join(map(re.escape, words)), text.translate(SAME_MARKS)) if words else None
    return match.span() if match else None


def find_composed(quote: str, text: str) -> tuple[int, int] | None:
    """As `find_verbatim`, both in Unicode's composed form (NFC); the span counts in `text` as it is."""
    quote = unicodedata.normalize("NFC", quote)
    if unicodedata.is_normalized("NFC", text):
        return find_verbatim(quote, text)
    parts, places = [], []
    for letter in LETTER.finditer(text):
        parts.append(unicodedata.normalize("NFC", letter.group()))
        places += [letter.span()] * len(parts[-1])
    found = find_verbatim(quote, "".join(parts))
    return None if found is None else (places[found[0]][0], places[found[1] - 1][1])


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans (start, end) have at least half of the shorter one in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > 0 and 2 * common >= min(one[1] - one[0], other[1] - other[0])


def contains_verbatim(quote: str, text: str) -> bool:
    """Whether `quote` stands verbatim in `text`, both in Unicode's composed form (NFC)."""
    return find_verbatim(unicodedata.normalize("NFC", quote), unicodedata.normalize("NFC", text)) is not None


def is_evidence(quote: str) -> bool:
    """Whether a quote is long enough to show anything: 3 words, or 10 characters without white space."""
    words = quote.split()
    return len(words) >= LEAST_WORDS or len("".join(words)) >= LEAST_CHARACTERS


def is_grounded(quotes: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether each quote stands verbatim in one of the texts, and at least one of them is evidence."""
    verbatim = all(any(contains_verbatim(quote, text) for text in texts) for quote in quotes)
    return verbatim and any(is_evidence(quote) for quote in quotes)


def quoted_spans(text: str) -> tuple[str, ...]:
    """What stands between quotation marks on one line, or on a line that begins with `>`; short terms left out."""
    spans = ("".join(match.groups("")).strip() for match in QUOTED.finditer(text))
    return tuple(span for span in spans if is_evidence(span))


def lenient_answer(final: str | None, plain: str, quotes: Sequence[str]) -> str:
    """What a reader would take as the answer of a reply.

    The text after the answer mark, if there is any. Otherwise, with format marks (`plain`) and quotes taken
    out, what follows the last label such as "Answer:" or "The answer is", or else the last line that is not
    empty. Where nothing but quotes is there, the last quote.
    """
    if final:
        return final
    for quote in quotes:
        plain = plain.replace(quote, " ")
    if labels := ["".join(groups) for groups in ANSWER_LABEL.findall(plain)]:
        return labels[-1].strip(" *")
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    return lines[-1] if lines else quotes[-1] if quotes else ""


def says_unknown(text: str) -> bool:
    """Whether a text says in ordinary words that the documents do not hold the answer."""
    return UNKNOWN.search(text) is not None
