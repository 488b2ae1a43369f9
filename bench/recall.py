"""How much of a page's known text a reader found: words, numbers and quotes, held against each other fairly.

Words are compared as a multiset a page: NFKC, case folded, without punctuation at their ends and Markdown's marks,
hyphens beside letters left out, so that "FAA-approved" and an "FAAap-" / "proved" broken over lines are one word. A
word at a line's end in the truth may also be found joined to the next line's first: Korean breaks lines inside words,
and the truth cannot say where. A footnote's mark, which the truth writes on to its word ("bank.7"), may be found as a
number of its own. Order is not looked at here: the quotes look at it.

Readers leave out running headers and footers on purpose. So recall is given twice: against the whole truth, and
against the truth without lines that stand, digits aside, among the three top or bottom lines of at least three pages,
or anywhere on at least a third of the pages: pdftotext puts margins between columns. A line without a letter counts as
running only where it is a page number.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

EDGE_LINES = 3
REPEATS = 3
LETTER = r"[^\W\d_]"
HYPHENS = "-\u00ad\u2010\u2011"
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
INNER_HYPHEN = re.compile(rf"(?<={LETTER})[{HYPHENS}](?=\w)|(?<=\w)[{HYPHENS}](?={LETTER})")
MARKUP = re.compile(r"<br */?>|\]\(|\||\[\^(?=\d)")
MARKED = re.compile(r"(.*\D)(\d{1,3})|(\d[\d.,]*)([a-z])")
ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
MARKS = frozenset("*`\\|#\u00ad")


@dataclass(frozen=True)
class Found:
    """Words of the truth, and how many of them were found."""

    found: int = 0
    total: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.found + other.found, self.total + other.total)

    @property
    def recall(self) -> float | None:
        """The share found, to four places; None where there was nothing to find."""
        return round(self.found / self.total, 4) if self.total else None


@dataclass(frozen=True)
class Scores:
    """Words, numbers (words with a digit in them), and words of the truth with running lines."""

    words: Found = Found()
    numbers: Found = Found()
    all_words: Found = Found()

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.words + other.words, self.numbers + other.numbers, self.all_words + other.all_words)


def words_of(text: str) -> list[str]:
    """The words of a text in their comparable form."""
    plain = unicodedata.normalize("NFKC", html.unescape(MARKUP.sub(" ", ESCAPED.sub(r"\1", text))))
    words = (EDGES.sub("", INNER_HYPHEN.sub("", word.casefold()).translate(DASHES)) for word in plain.split())
    return [word for word in words if word]


def running_lines(pages: Iterable[str]) -> set[str]:
    """The lines, digits masked, that repeat at the top or bottom of pages."""
    edges: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    count = 0
    for count, page in enumerate(pages, 1):  # noqa: B007 - the count is wanted behind the loop
        lines = [masked(line) for line in page.splitlines() if line.strip()]
        edges.update({*lines[:EDGE_LINES], *lines[-EDGE_LINES:]})
        anywhere.update(set(lines))
    often = {line for line, times in edges.items() if times >= REPEATS}
    often |= {line for line, times in anywhere.items() if times >= max(REPEATS, count / 3) and line != "#"}
    return {line for line in often if line == "#" or any(map(str.isalpha, line))}


def masked(line: str) -> str:
    """A line without its page number."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def without_running(page: str, running: set[str]) -> str:
    """A page without its running lines, and the numbers that stand alone at its top and bottom."""
    lines = [line for line in page.splitlines() if line.strip()]
    last = len(lines) - EDGE_LINES
    return "\n".join(
        line
        for place, line in enumerate(lines)
        if masked(line) not in running or (masked(line) == "#" and EDGE_LINES <= place < last)
    )


def scores(truth: str, body: str, text: str) -> Scores:
    """How much of a page's truth, whole and without running lines (`body`), is in a reader's text."""
    words, numbers = found_in(body, text)
    return Scores(words, numbers, found_in(truth, text)[0])


def found_in(truth: str, text: str) -> tuple[Found, Found]:
    """How many of the words and of the numbers of the truth are in a text."""
    there = Counter(words_of(text))
    words, numbers = Found(), Found()
    lines = [line.split() for line in truth.splitlines() if line.strip()]
    for tokens in matched_units(lines, there):
        hit = [word for word in tokens if take(there, word)]
        words += Found(len(hit), len(tokens))
        numbers += Found(sum(map(has_digit, hit)), sum(map(has_digit, tokens)))
    return words, numbers


def matched_units(lines: list[list[str]], there: Counter[str]) -> Iterator[list[str]]:
    """The comparable words of the truth; where a word goes over a line's end, joined if that is how it is found."""
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else []
        if line and following and (joined := joined_word(line[-1], following[0], there)):
            yield words_of(" ".join(line[:-1]))
            yield [joined]
            following.pop(0)
        else:
            yield words_of(" ".join(line))


def joined_word(left: str, right: str, there: Counter[str]) -> str | None:
    """Two words as one, where a text holds them so and not each for itself."""
    apart = words_of(f"{left} {right}")
    if all(there[word] for word in apart):
        return None
    for joined in (left + right, left.rstrip(HYPHENS) + right):
        [*words] = words_of(joined)
        if len(words) == 1 and there[words[0]]:
            return words[0]
    return None


def take(there: Counter[str], word: str) -> bool:
    """Whether a word is there, or its parts are: itself and the mark of a footnote. It is used up."""
    parts = [word]
    if there[word] <= 0 and (marked := MARKED.fullmatch(word)):
        parts = words_of(" ".join(part for part in marked.groups() if part))
    if any(there[part] <= 0 for part in parts):
        return False
    there.subtract(parts)
    return True


def has_digit(word: str) -> bool:
    """Whether a word counts as a number."""
    return any(character.isdigit() for character in word)


def squeezed(text: str) -> tuple[str, list[int]]:
    """A text without white space, Markdown's marks and hyphens inside words; and where each character of it stood."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace() or character in MARKS:
            continue
        for piece in unicodedata.normalize("NFKC", character).translate(DASHES):
            characters.append(piece)
            places.append(place)
    whole = "".join(characters)
    kept = [at for at in range(len(whole)) if whole[at] != "-" or not between_letters(whole, at)]
    return "".join(whole[at] for at in kept), [places[at] for at in kept]


def between_letters(text: str, at: int) -> bool:
    """Whether letters stand on both sides of a place."""
    return 0 < at < len(text) - 1 and text[at - 1].isalpha() and text[at + 1].isalpha()


def find_quote(quote: str, text: str) -> list[tuple[int, int]]:
    """The spans of a text that say the quote, white space and hyphens in words aside; not from inside a number."""
    wanted, (held, places) = squeezed(quote)[0], squeezed(text)
    spans = []
    for match in re.finditer(re.escape(wanted), held):
        start, end = places[match.start()], places[match.end() - 1] + 1
        if not cuts_word(text, start) and not cuts_word(text, end):
            spans.append((start, end))
    return spans


def cuts_word(text: str, place: int) -> bool:
    """Whether the characters before and behind a place are of one number or Latin word. (Korean adds particles.)"""
    around: Sequence[str] = text[max(0, place - 1) : place + 1]
    return place > 0 and len(around) == 2 and all(one.isascii() and one.isalnum() for one in around)
