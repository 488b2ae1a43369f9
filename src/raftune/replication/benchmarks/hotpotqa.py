"""HotpotQA (Yang et al., EMNLP 2018): questions that take two paragraphs of Wikipedia, among given distractors.

The sentences named as supporting facts are the quotes. In the full-wiki setting the paragraphs were retrieved, so that
one or both of the two may be missing.
"""

from pathlib import Path

from raftune.comparison import contains_verbatim
from raftune.digest import Json
from raftune.records import Chunk, Example, Split
from raftune.replication.course import Course, Given, Sizes, most_frequent
from raftune.replication.texts import Item, answer, drawn, enough, items_in, passage, quote_in

FULL_WIKI = ("full-wiki, none of two", "full-wiki, one of two", "full-wiki, both")
GIVEN = "both among ten"


SETTINGS: dict[str, Json] = {
    "assemble": {"distractors": 2, "without_oracle": "memorise"},
    "train": {"epochs": 3, "sets_per_step": 1, "examples_per_step": 2},
    "predict": {"max_tokens": 160},
}
PAPER: dict[str, dict[str, float]] = {
    "exact_match_lenient": {
        "base:closed": 0.54,
        "base": 0.03,
        "dsf:closed": 6.38,
        "dsf": 4.41,
        "tuned": 35.28,
        "no reasoning": 25.62,
        "GPT-3.5 + RAG": 41.5,
    }
}


class HotpotQA:
    """The folder with train_distractor.jsonl, dev_distractor.jsonl and dev_fullwiki.jsonl."""

    name = "hotpotqa"
    title = "HotpotQA"
    metrics = ("exact_match_lenient", "token_f1_lenient", "quote_supported", "format")
    main = (GIVEN,)
    sizes = Sizes(training=100, testing=50, characters=400)
    smoke = Sizes(training=6, testing=3, characters=150)
    settings = SETTINGS
    paper = PAPER

    def course(self, folder: Path, sizes: Sizes) -> Course:
        """As many questions of the full-wiki setting are asked as of the other one, as far as there are."""
        train, dev, wiki = (
            drawn(items_in(folder / f"{name}.jsonl"), name_of)
            for name in ("train_distractor", "dev_distractor", "dev_fullwiki")
        )
        known = {item["question"] for item in dev}
        wiki = [item for item in wiki if item["question"] not in known][: sizes.testing]
        learned = enough(train, sizes.training, "questions to learn from")
        asked = enough(dev, sizes.testing, "questions to ask")
        given = [given_of(item, "train", sizes.characters) for item in learned]
        tests = {GIVEN: [given_of(item, "test", sizes.characters) for item in asked]}
        for number, name in enumerate(FULL_WIKI):
            found = [item for item in wiki if item["gold_in_context"] == number]
            tests[name] = [given_of(item, "test", sizes.characters) for item in found]
        return Course(
            {"": most_frequent(item["answer"] for item in learned)},
            given=(*given, *(one for some in tests.values() for one in some)),
            slices={one.answer.id: name for name, some in tests.items() for one in some},
        )

    def guess(self, example: Example, sentence: str, document: str) -> str:  # noqa: ARG002
        """The sentence."""
        return sentence


def name_of(item: Item) -> str:
    """What tells an item apart."""
    return str(item["id"])


def given_of(item: Item, split: Split, characters: int) -> Given:
    """A question with its paragraphs; those of the two right pages that are there are its right ones."""
    chunks = {context["title"]: paragraph(context, characters) for context in item["contexts"]}
    right = [chunks[title] for title in item["gold_titles"] if title in chunks]
    home = next((chunk for chunk in right if contains_verbatim(item["answer"], chunk.text)), None)
    first = home or (right[0] if right else next(iter(chunks.values())))
    facts = [(title, sentence_of(item, title, number)) for title, number in item["supporting_facts"]]
    quotes = [quote_in(chunks[title], text) for title, text in facts if text and text in chunks[title].text]
    made = answer(f"{split} {item['id']}", item["question"], first, [], item["answer"])
    made = made.changed(quotes=tuple(quotes))
    return Given(split, made, tuple(chunks.values()), frozenset(chunk.id for chunk in right))


def sentence_of(item: Item, title: str, number: int) -> str:
    """A sentence of a paragraph by its number from 0; "" where there is none."""
    for context in item["contexts"]:
        if context["title"] == title and number < len(context["sentences"]):
            return str(context["sentences"][number]).strip()
    return ""


def paragraph(context: Item, characters: int) -> Chunk:
    """A paragraph behind its page's title: its first sentences that fit, at least one."""
    text = context["title"] + "."
    for number, sentence in enumerate(context["sentences"]):
        if number and len(text) + len(sentence) > characters:
            break
        text += " " + sentence.strip()
    return passage(context["title"], text)


plug = HotpotQA()
