"""A made-up corpus of any size for measurements: English and Korean documents, and answers about them.

Words follow Zipf's law. Documents belong to topics with words of their own, and the same attributes are stated of many
things with other values, so that near passages exist which do not hold the answer. One passage in a hundred repeats a
paragraph of another one, one question in fifty is another one in other words. The same seed gives the same records.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from raftune.digest import ID_LENGTH, digest
from raftune.records import Answer, Chunk, Kind, Language, Quote

WordArray: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.object_]]"

PASSAGES = 40  # a document, which is of one language
KOREAN_SHARE = 0.4
TOPICS_PER_DOCUMENT = 0.25
FACTS = 6  # a passage
VOCABULARY, TOPIC_WORDS = 30_000, 200
LITTLE: dict[Language, str] = {
    "en": "the of and to in a is that for on by with as it be are this from or at which an not under may shall all its",
    "ko": "및 또는 그 이 각 등 수 것 때 경우 따라 대하여 위하여 관한 있는 없는 하는 되는 다음 모든 같은 그리고",
}
SYLLABLES: dict[Language, tuple[str, ...]] = {
    "en": ("ti", "on", "er", "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "va",
           "den", "fer", "gal", "lin", "mer", "nos", "por", "ris", "tan", "vel", "con"),
    "ko": tuple(  # the frequent initials, vowels and finals, the most frequent syllables first
        chr(0xAC00 + (initial * 21 + vowel) * 28 + final)
        for final in (0, 4, 21, 8, 1, 16)
        for vowel in (0, 8, 20, 4, 13, 6, 5, 1)
        for initial in (11, 0, 9, 12, 3, 2, 6, 7, 5, 18, 14, 16)
    ),
}  # fmt: skip
ENDINGS = ("은", "이", "을", "의", "에", "로", "과", "하는", "하여", "한다")
SHARES = (0.4, 0.25)  # of little words and of the topic's among all words
ATTRIBUTES: dict[Language, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (
        ("renewal fee", ("euros", "dollars")), ("notice period", ("days", "weeks")), ("maximum load", ("kilograms",)),
        ("number of inspectors", ("persons",)), ("daily limit", ("dollars", "units")), ("storage time", ("months",)),
        ("minimum distance", ("metres",)), ("annual budget", ("million",)), ("response time", ("hours",)),
    ),
    "ko": (
        ("갱신 수수료", ("원", "만원")), ("통지 기간", ("일", "주")), ("최대 하중", ("킬로그램",)),
        ("검사원 수", ("명",)), ("하루 한도", ("만원", "개")), ("보관 기간", ("개월",)), ("최소 거리", ("미터",)),
        ("연간 예산", ("억원",)), ("처리 시간", ("시간",)),
    ),
}  # fmt: skip
FACT: dict[Language, str] = {"en": "The {0} of the {1} is {2} {3}.", "ko": "{1}의 {0}은 {2}{3}이다."}
STATED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"The (?P<what>[a-z ]+?) of the (?P<thing>[a-z]+ [a-z]+) is (?P<value>[\d,]+ [a-z]+)\."),
    "ko": re.compile(r"(?P<thing>[가-힣]+ [가-힣]+)의 (?P<what>[가-힣]+ [가-힣]+)은 (?P<value>[\d,]+[가-힣]+?)이다\."),
}
ASKED: dict[Language, tuple[str, str]] = {
    "en": ("What is the {what} of the {thing}?", "How high is the {what} that applies to the {thing}?"),
    "ko": ("{thing}의 {what}은 얼마인가?", "{thing}에 적용되는 {what}은 어느 정도인가?"),
}
REASONED: dict[Language, str] = {
    "en": "The passage states the {what} of the {thing} as {value}.",
    "ko": "문서에 {thing}의 {what}은 {value}이라고 적혀 있다.",
}
TITLES: dict[Language, str] = {"en": "Part {}", "ko": "제{}장"}
CAPTIONS: dict[Language, str] = {"en": "Figure {}: {}", "ko": "그림 {}: {}"}
KINDS: tuple[Kind, ...] = ("number", "fact", "comparison", "condition", "table")


class Words:
    """The words of a language, and texts drawn from them."""

    def __init__(self, language: Language, topics: int, seed: int) -> None:
        self.language, self.topics = language, topics
        self.random = np.random.default_rng([seed, language == "ko"])
        syllables = SYLLABLES[language]
        picks = zipf(self.random, len(syllables), 8 * VOCABULARY).reshape(-1, 4)
        lengths = self.random.integers(2, 5, 2 * VOCABULARY)
        made = ("".join(syllables[pick] for pick in row[:n]) for row, n in zip(picks, lengths, strict=True))
        self.general = np.array(list(dict.fromkeys(made))[:VOCABULARY], dtype=object)
        self.little = np.array(LITTLE[language].split(), dtype=object)

    def of_topic(self, topic: int, seed: int) -> WordArray:
        """The topic's own words, its most frequent first; those of neighbouring topics overlap."""
        family = np.random.default_rng([seed, topic // 8, 7])
        shared = family.integers(0, len(self.general), TOPIC_WORDS)
        own = np.random.default_rng([seed, topic, 8]).integers(0, len(self.general), TOPIC_WORDS)
        return np.asarray(self.general[np.concatenate([shared, own]).reshape(2, -1).T.ravel()])

    def draw(self, topic: WordArray, count: int) -> list[str]:
        """Words of running text: little ones, the topic's, and any."""
        which = self.random.random(count)
        drawn = np.where(
            which < SHARES[0],
            self.little[zipf(self.random, len(self.little), count)],
            np.where(
                which < sum(SHARES),
                topic[zipf(self.random, len(topic), count)],
                self.general[zipf(self.random, len(self.general), count)],
            ),
        )
        if self.language == "en":
            return [str(word) for word in drawn]
        ends = self.random.integers(0, len(ENDINGS), count)
        plain = which < SHARES[0]
        return [str(word) if bare else word + ENDINGS[end] for word, bare, end in zip(drawn, plain, ends, strict=True)]

    def pick(self, count: int) -> int:
        """One of so many."""
        return int(self.random.integers(0, count))


def zipf(generator: np.random.Generator, size: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Ranks from 0 whose frequency falls with the rank."""
    ranks = np.floor(np.exp(generator.random(count) * np.log(size + 1))) - 1
    return np.asarray(np.minimum(ranks, size - 1), dtype=np.int64)


def chunks(count: int, seed: int) -> list[Chunk]:
    """So many passages of about 200 words, in the order of their documents. `header` is never set."""
    made: list[Chunk] = []
    topics = max(1, round(count / PASSAGES * TOPICS_PER_DOCUMENT))
    words: dict[Language, Words] = {"en": Words("en", topics, seed), "ko": Words("ko", topics, seed)}
    picks = np.random.default_rng([seed, 1])
    for number in range(-(-count // PASSAGES)):
        language: Language = "ko" if picks.random() < KOREAN_SHARE else "en"
        topic = int(picks.integers(0, topics))
        wanted = min(PASSAGES, count - len(made))
        made.extend(document_chunks(words[language], number, topic, wanted, seed))
    for place in picks.choice(count, count // 100, replace=False) if count >= 100 else ():
        other = made[int(picks.integers(0, count))]
        if other.language == made[place].language:
            text = f"{made[place].text}\n\n{other.text.split(chr(10) * 2)[1]}"
            made[place] = made[place].changed(text=text, end=made[place].start + len(text))
    return made


def document_chunks(words: Words, number: int, topic: int, count: int, seed: int) -> Iterator[Chunk]:
    """The passages of one document. Between two there is room for what `chunks` may add."""
    own, document = words.of_topic(topic, seed), digest(["made", seed, number], ID_LENGTH)
    start = 0
    for place in range(count):
        title = TITLES[words.language].format(place // 8 + 1)
        text = passage(words, own, title, place)
        yield Chunk(
            document=document,
            path=f"topic{topic:04}/document{number:05}.{words.language}.md",
            text=text,
            start=start,
            end=start + len(text),
            pages=(place // 2 + 1,),
            headings=(title,),
            language=words.language,
            media_type="text/markdown",
        )
        start += 2 * len(text) + 10_000


def passage(words: Words, own: WordArray, title: str, place: int) -> str:
    """Paragraphs of sentences with facts among them; each fifth passage has a table, each seventh a figure."""
    running = words.draw(own, 140)
    bounds = [0, *np.cumsum(words.random.integers(8, 16, 12)).tolist()]
    sentences = [" ".join(running[a:b]).capitalize() + "." for a, b in pairwise(bounds) if b < 140]
    for _ in range(FACTS):
        sentences.insert(words.pick(len(sentences) + 1), fact(words, own))
    half = len(sentences) // 2
    blocks = [f"## {title}", " ".join(sentences[:half]), " ".join(sentences[half:])]
    if place % 5 == 4:
        rows = [f"| {one} | {words.pick(900) + 10} |" for one in words.draw(own, 8)]
        blocks.append("\n".join(["| A | B |", "| --- | --- |", *rows]))
    if place % 7 == 6:
        blocks.append(CAPTIONS[words.language].format(place, " ".join(words.draw(own, 7))))
    return "\n\n".join(blocks)


def fact(words: Words, own: WordArray) -> str:
    """A sentence that states an attribute of a thing: things of one topic share words."""
    attributes = ATTRIBUTES[words.language]
    what, units = attributes[words.pick(len(attributes))]
    thing = f"{words.general[words.pick(VOCABULARY // 2)]} {own[words.pick(20)]}"
    return FACT[words.language].format(what, thing, f"{words.pick(9990) + 10:,}", units[words.pick(len(units))])


def answers(passages: Sequence[Chunk], per_chunk: int, seed: int) -> Iterator[Answer]:
    """Up to `per_chunk` (at most 6) answers about facts of each passage, each with its sentence as quote."""
    picks = np.random.default_rng([seed, 2])
    for chunk in passages:
        found = list(STATED[chunk.language].finditer(chunk.text))
        order = picks.permutation(len(found))[:per_chunk].tolist()
        again = picks.random(len(order)) < 0.02
        for item, which in enumerate(order):
            same = bool(again[item]) and item > 0
            yield answer(chunk, found[order[item - 1] if same else which], item, same=same)


def answer(chunk: Chunk, stated: re.Match[str], item: int, *, same: bool) -> Answer:
    """The answer to a question about a fact, asked in other words where it is to be the same again."""
    parts = stated.groupdict()
    return Answer(
        question=digest([chunk.id, item], ID_LENGTH),
        chunk=chunk.id,
        text=ASKED[chunk.language][same].format(**parts),
        reasoning=REASONED[chunk.language].format(**parts),
        quotes=(Quote(chunk=chunk.id, start=stated.start(), end=stated.end(), text=stated.group()),),
        final=parts["value"],
        language=chunk.language,
        author="made",
        kind=KINDS[item % len(KINDS)],
    )
