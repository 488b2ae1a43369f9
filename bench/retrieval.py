"""How well the retrievers find what answers a question: collections of questions with the passages that do.

FOLDER holds korean_rag/{pages,dev}.jsonl (questions with their page), hotpotqa/{dev,train}_distractor.jsonl (questions
that need two articles, looked for among the articles of all questions) and korquad/KorQuAD_v1.0_dev.json (questions
with their paragraph). Settings are chosen on KorQuAD and HotpotQA's training part, so those are not in the figures.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from raftune.errors import MissingExtra
from raftune.records import Language
from raftune.registry import load

DEPTH = 5


class Collection(NamedTuple):
    """Texts, questions, and for each question the positions of the texts that answer it."""

    language: Language
    texts: list[str]
    questions: list[str]
    right: list[set[int]]


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def korean_rag(folder: Path) -> Collection:
    """Long pages of law, finance and public offices."""
    pages, asked = rows_of(folder / "korean_rag/pages.jsonl"), rows_of(folder / "korean_rag/dev.jsonl")
    right = [{place for place, page in enumerate(pages) if page["id"] in row["gold_pages"]} for row in asked]
    return Collection("ko", [page["text"] for page in pages], [row["question"] for row in asked], right)


def korquad(folder: Path) -> Collection:
    """Paragraphs of Wikipedia."""
    data = json.loads((folder / "korquad/KorQuAD_v1.0_dev.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    asked = [(place, one["question"]) for place, paragraph in enumerate(paragraphs) for one in paragraph["qas"]]
    texts = [paragraph["context"] for paragraph in paragraphs]
    return Collection("ko", texts, [question for _, question in asked], [{place} for place, _ in asked])


def hotpotqa(folder: Path, part: str = "dev") -> Collection:
    """First paragraphs of Wikipedia's articles, those of all questions together."""
    rows = rows_of(folder / f"hotpotqa/{part}_distractor.jsonl")
    places: dict[tuple[str, str], int] = {}
    for row in rows:
        for article in row["contexts"]:
            places.setdefault((article["title"], " ".join(article["sentences"])), len(places))
    right = [{place for (title, _), place in places.items() if title in row["gold_titles"]} for row in rows]
    return Collection("en", [text for _, text in places], [row["question"] for row in rows], right)


def found(retriever: Any, collection: Collection) -> dict[str, float]:
    """Share of questions whose first text is right, and share of the right texts that are among the first five."""
    asyncio.run(retriever.index(collection.texts))
    rankings = asyncio.run(retriever.nearest(collection.questions, DEPTH))
    pairs = list(zip(rankings, collection.right, strict=True))
    return {
        "top_1": mean(row[0] in right for row, right in pairs),
        "recall_at_5": mean(len(right & set(row)) / len(right) for row, right in pairs),
    }


def mean(values: Iterable[float]) -> float:
    held = list(values)
    return round(sum(held) / len(held), 3)


def retrievers(language: Language) -> dict[str, Any]:
    """New retrievers by name, those that embed with each embedder that knows the language and is installed."""
    made: dict[str, Any] = {"bm25": load("retrievers", "bm25")()}
    for embedder in ("hashed", "wordllama") if language == "en" else ("hashed",):
        try:
            opened = load("embedders", embedder)()
        except MissingExtra:
            continue
        for name in ("embedding", "hybrid"):
            made[f"{name} {embedder}"] = load("retrievers", name)(opened)
    return made


def recall(folder: Path, names: Sequence[str] = ("korean_rag", "hotpotqa")) -> dict[str, dict[str, dict[str, float]]]:
    """The figures by collection and retriever."""
    kinds = {"korean_rag": korean_rag, "hotpotqa": hotpotqa, "korquad": korquad}
    collections = {name: kinds[name](folder) for name in names}
    return {
        name: {way: found(retriever, collection) for way, retriever in retrievers(collection.language).items()}
        for name, collection in collections.items()
    }
