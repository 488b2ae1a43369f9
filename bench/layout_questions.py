"""PubMedQA as passages and answers: an abstract's end, its question, the sentence that tells most, yes/no/maybe."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from raftune.records import Answer, Chunk
from raftune.replication.texts import Item, answer, items_in, nearest_sentence, passage
from raftune.sentences import sentence_spans

LABELS = ("yes", "no", "maybe")


@dataclass(frozen=True)
class Questions:
    """Answers, and the passages that they are about; other passages are their distractors."""

    chunks: tuple[Chunk, ...]
    answers: tuple[Answer, ...]


def items_of(data: Path, examples: int, held_out: int) -> tuple[list[Item], list[Item]]:
    """The first `examples` items of train.jsonl, and `held_out` others: dev.jsonl, then train.jsonl from its end.

    Raises ValueError where that many are not there.
    """
    train, dev = (items_in(data / "pubmedqa" / f"{name}.jsonl") for name in ("train", "dev"))
    held = [*dev, *train[examples:][::-1]][:held_out]
    if len(train) < examples or len(held) < held_out:
        raise ValueError(f"There are {len(train)} + {len(dev)} items, not {examples} + {held_out}.")
    return train[:examples], held


def questions_of(items: Sequence[Item], size: int, count: Callable[[str], int]) -> Questions:
    """A passage of at most about `size` tokens, as `count` counts them, and an answer for each item."""
    chunks = tuple(chunk_of(item, size, count) for item in items)
    return Questions(chunks, tuple(answer_of(item, chunk) for item, chunk in zip(items, chunks, strict=True)))


def chunk_of(item: Item, size: int, count: Callable[[str], int]) -> Chunk:
    """The last sentences of an abstract, where the results are: as many as fit, and at least one."""
    text = " ".join(section["text"] for section in item["contexts"])
    spans = sentence_spans(text)
    start = next((start for start, _ in spans if count(text[start:]) <= size), spans[-1][0])
    return passage(item["id"], text[start:].strip())


def answer_of(item: Item, chunk: Chunk) -> Answer:
    """The item's label behind the quote of the sentence that shares most words with its question and conclusion."""
    quote = nearest_sentence(chunk.text, f"{item['question']} {item['long_answer']}")
    return answer(item["id"], item["question"], chunk, [quote], item["answer"])
