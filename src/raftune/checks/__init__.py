"""What can be wrong with a training set, one file a fault. Here is what they share: what is known of a text."""

import re
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

from raftune.audited import AuditRow
from raftune.comparison import contains_verbatim, says_unknown
from raftune.prompts.raft import BEGIN, END, default_prompt

TEXTS = 1 << 16
"""Documents repeat from row to row: what was found out about so many texts is kept."""
NOT_WORDS = re.compile(r"[\W_]+")
SHORT_WORDS = 3
TRAIN = "train"
ORDER = (TRAIN, "validation", "test")


@lru_cache(maxsize=TEXTS)
def key_of(text: str) -> int:
    """A number for a text's letters and figures in lower case: the same for a copy with other marks or white space."""
    return number_of(NOT_WORDS.sub("", text.lower()))


def number_of(text: str) -> int:
    """A number of 64 bits that tells texts apart."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def holds(text: str, quote: str) -> bool:
    """Whether a quote stands verbatim in a text; the plain search answers nearly always."""
    return quote in text or contains_verbatim(quote, text)


def found_in(texts: Collection[str], quote: str) -> bool:
    """Whether a quote stands verbatim in one of the texts; all plain searches go before the first slow one."""
    return any(quote in text for text in texts) or any(contains_verbatim(quote, text) for text in texts)


def in_pairs(target: str) -> bool:
    """Whether there are as many opening as closing quote marks."""
    return target.count(BEGIN) == target.count(END)


def distractors_of(row: AuditRow) -> list[str]:
    """The documents of a row that are not its oracle."""
    return [text for place, text in enumerate(row.documents) if place != row.place]


def refuses(row: AuditRow) -> bool:
    """Whether a row's answer is that the documents do not hold it."""
    return row.final is not None and is_refusal(row.final)


@lru_cache(maxsize=1024)
def is_refusal(final: str) -> bool:
    """Whether an answer says that the documents do not hold it."""
    return default_prompt().is_abstention(final) or says_unknown(final)


def excerpt(text: str, length: int = 60) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def order_of(split: str) -> tuple[int, str]:
    """Training first, then validation, test and any other split: a leak is told of the later one."""
    return (ORDER.index(split) if split in ORDER else len(ORDER), split)
