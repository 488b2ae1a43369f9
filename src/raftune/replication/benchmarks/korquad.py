"""KorQuAD 1.0 (Lim et al. 2019): questions about paragraphs of the Korean Wikipedia, answered by words of them.

Its licence lets nobody pass on parts of it, so that there is no excerpt: --data names the folder.
"""

import json
from pathlib import Path

from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.records import Answer, Chunk, Example, Split
from raftune.replication.course import Course, Part, Sizes, most_frequent
from raftune.replication.texts import Item, answer, around, drawn, enough, passage, sentences

FILE = "KorQuAD_v1.0_dev.json"


SETTINGS: dict[str, Json] = {
    "assemble": {"distractors": 2, "layout": "clustered", "document_share": 0.0, "without_oracle": "memorise"},
    "train": {"epochs": 2, "sets_per_step": 1, "examples_per_step": 4},
    "predict": {"max_tokens": 192},
}
PAPER: dict[str, dict[str, float]] = {}


class KorQuad:
    """The folder with the official dev file, which is both learned from and asked: articles never cross."""

    name = "korquad"
    title = "KorQuAD 1.0"
    metrics = ("exact_match_lenient", "token_f1_lenient", "quote_supported", "format")
    main = ()
    sizes = Sizes(training=40, testing=20, characters=120)
    smoke = Sizes(training=6, testing=4, characters=80)
    settings = SETTINGS
    paper = PAPER

    def course(self, folder: Path, sizes: Sizes) -> Course:
        """One question of each paragraph; a paragraph is cut to the sentences around its answer."""
        articles = drawn(articles_in(folder / FILE), lambda article: str(article["title"]))
        half = len(articles) // 2
        parts, finals = [], list[str]()
        wanted: dict[Split, tuple[list[Item], int]] = {
            "train": (articles[:half], sizes.training),
            "test": (articles[half:], sizes.testing),
        }
        for split, (some, count) in wanted.items():
            found = [pair for article in some for pair in questions_of(article, sizes.characters)]
            rows = enough(drawn(found, lambda pair: pair[1].question), count, "questions")
            finals += [made.final for _, made in rows if split == "train"]
            parts.append(Part("", split, tuple(chunk for chunk, _ in rows), tuple(made for _, made in rows)))
        return Course({"": most_frequent(finals)}, tuple(parts))

    def guess(self, example: Example, sentence: str, document: str) -> str:  # noqa: ARG002
        """The sentence."""
        return sentence


def articles_in(path: Path) -> list[Item]:
    """The articles of a file in SQuAD's form. Raises ConfigError."""
    try:
        articles: list[Item] = json.loads(path.read_text(encoding="utf-8"))["data"]
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{path} cannot be read ({error}).", "Name KorQuAD's folder with --data.") from error
    return articles


def questions_of(article: Item, characters: int) -> list[tuple[Chunk, Answer]]:
    """The first question of each paragraph of an article, with the sentences around its answer."""
    pairs = []
    for number, paragraph in enumerate(article["paragraphs"]):
        if not paragraph["qas"]:
            continue
        question = paragraph["qas"][0]
        final, start = question["answers"][0]["text"], question["answers"][0]["answer_start"]
        text = around(paragraph["context"], (start, start + len(final)), characters)
        chunk = passage(f"{article['title']} {number}", text, "ko")
        quote = next((sentence for sentence in sentences(text) if final in sentence), "")
        if quote:
            pairs.append((chunk, answer(question["id"], question["question"], chunk, [quote], final)))
    return pairs


plug = KorQuad()
