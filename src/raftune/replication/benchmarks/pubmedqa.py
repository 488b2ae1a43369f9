"""PubMedQA (Jin et al., EMNLP 2019): whether an abstract answers the question of its title with yes, no or maybe.

The abstract's end is the document, other abstracts are distractors; its conclusion is the reasoning.
"""

from collections.abc import Sequence
from pathlib import Path

from raftune.digest import Json
from raftune.records import Answer, Chunk, Example, Split
from raftune.replication.course import Course, Part, Sizes
from raftune.replication.texts import (
    Item,
    answer,
    beginning,
    drawn,
    ending,
    enough,
    in_turns,
    items_in,
    nearest_sentence,
    passage,
)

REASONING = 220
ASKED = " Answer yes, no or maybe."


SETTINGS: dict[str, Json] = {
    "assemble": {"distractors": 4, "layout": "clustered", "document_share": 0.0, "without_oracle": "memorise"},
    "train": {"epochs": 3, "sets_per_step": 1, "examples_per_step": 5},
    "predict": {"max_tokens": 128},
}
PAPER: dict[str, dict[str, float]] = {
    "choice": {
        "base:closed": 56.5,
        "base": 58.8,
        "dsf:closed": 59.7,
        "dsf": 71.6,
        "tuned": 73.30,
        "no reasoning": 68.30,
        "GPT-3.5 + RAG": 71.60,
    }
}


class PubMedQA:
    """The labelled thousand's part that has train.jsonl and dev.jsonl."""

    name = "pubmedqa"
    title = "PubMedQA"
    metrics = ("choice_macro_f1", "choice", "quote_supported", "format")
    main = ()
    sizes = Sizes(training=150, testing=60, characters=450)
    smoke = Sizes(training=8, testing=6, characters=200)
    settings = SETTINGS
    paper = PAPER

    def course(self, folder: Path, sizes: Sizes) -> Course:
        """Asked are dev.jsonl and then rows of train.jsonl; labels take turns in training, since most are yes."""
        dev, train = (drawn(items_in(folder / f"{name}.jsonl"), name_of) for name in ("dev", "train"))
        asked = enough([*dev, *train], sizes.testing, "questions to ask")
        rest = in_turns(train[max(0, sizes.testing - len(dev)) :], lambda item: str(item["answer"]))
        learned = enough(rest, sizes.training, "questions to learn from")
        return Course({"": "yes"}, (part_of("train", learned, sizes), part_of("test", asked, sizes)))

    def guess(self, example: Example, sentence: str, document: str) -> str:  # noqa: ARG002
        """The most frequent label."""
        return "yes"


def name_of(item: Item) -> str:
    """What tells an item apart."""
    return str(item["id"])


def part_of(split: Split, items: Sequence[Item], sizes: Sizes) -> Part:
    """The abstracts of some items, and the answers about them."""
    chunks = tuple(passage_of(item, sizes.characters) for item in items)
    return Part("", split, chunks, tuple(answer_of(item, chunk) for item, chunk in zip(items, chunks, strict=True)))


def passage_of(item: Item, characters: int) -> Chunk:
    """The end of an abstract, where its results are."""
    return passage(item["id"], ending(" ".join(section["text"] for section in item["contexts"]), characters))


def answer_of(item: Item, chunk: Chunk) -> Answer:
    """The label behind the sentence that is nearest to question and conclusion, and the conclusion's beginning."""
    quote = nearest_sentence(chunk.text, f"{item['question']} {item['long_answer']}")
    reasoning = beginning(item["long_answer"], REASONING)
    return answer(item["id"], item["question"] + ASKED, chunk, [quote], item["answer"], reasoning)


plug = PubMedQA()
