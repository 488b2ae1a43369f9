"""Quality of the embedders: retrieval of the right text, and finding where one passage ends and another begins.

python bench/embedders.py FOLDER [--json]

FOLDER holds korean_rag/{pages,dev}.jsonl (pages and questions with their page) and hotpotqa/dev_distractor.jsonl
(questions with ten short articles, two of which are needed). Seams: the articles of a HotpotQA row, or pages of ten
Korean documents, are joined to one text; the widest gaps between sentences are taken for its seams.
"""

import argparse
import asyncio
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np

from raftune.errors import MissingExtra
from raftune.registry import load
from raftune.sentences import sentence_spans
from raftune.splitters.semantic import gap_distances

Retrieval = tuple[list[str], list[str], list[set[int]]]
FIRST_SENTENCES = 6  # of each Korean page: pages are long


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def korean(folder: Path) -> tuple[Retrieval, list[list[list[str]]]]:
    """Pages, questions and the right pages; and texts made of the beginnings of ten pages."""
    pages, questions = rows_of(folder / "korean_rag/pages.jsonl"), rows_of(folder / "korean_rag/dev.jsonl")
    gold = [{place for place, page in enumerate(pages) if page["id"] in row["gold_pages"]} for row in questions]
    by_document: dict[str, list[list[str]]] = {}
    for page in pages:
        sentences = [page["text"][start:end] for start, end in sentence_spans(page["text"])]
        if len(sentences) >= FIRST_SENTENCES:
            by_document.setdefault(page["document"], []).append(sentences[:FIRST_SENTENCES])
    generator = random.Random(1)
    texts = [
        [
            generator.choice(by_document[name])
            for name in generator.sample(sorted(by_document), min(10, len(by_document)))
        ]
        for _ in range(60)
    ]
    return ([page["text"] for page in pages], [row["question"] for row in questions], gold), texts


def english(folder: Path) -> tuple[Retrieval, list[list[list[str]]]]:
    """Articles, questions and the right articles; and the articles of each question."""
    rows = rows_of(folder / "hotpotqa/dev_distractor.jsonl")
    places: dict[tuple[str, str], int] = {}
    for row in rows:
        for article in row["contexts"]:
            places.setdefault((article["title"], " ".join(article["sentences"])), len(places))
    gold = [{place for (title, _), place in places.items() if title in row["gold_titles"]} for row in rows]
    texts = [
        [[one.strip() for one in article["sentences"] if one.strip()] for article in row["contexts"]] for row in rows
    ]
    return ([text for _, text in places], [row["question"] for row in rows], gold), texts


def retrieval(embedder: Any, texts: list[str], questions: list[str], gold: list[set[int]]) -> dict[str, float]:
    begun = time.perf_counter()
    vectors = asyncio.run(embedder.embed(texts))
    seconds = time.perf_counter() - begun
    scores = asyncio.run(embedder.embed(questions)) @ vectors.T
    best = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    return {
        "top_1": round(float(np.mean([row[0] in right for row, right in zip(best, gold, strict=True)])), 3),
        "top_5": round(float(np.mean([bool(right & set(row)) for row, right in zip(best, gold, strict=True)])), 3),
        "characters_per_second": round(sum(map(len, texts)) / seconds),
    }


def seams_found(embedder: Any, texts: list[list[list[str]]]) -> float:
    """The share of seams among as many widest gaps."""
    found = []
    for passages in texts:
        seams = set(np.cumsum([len(passage) for passage in passages])[:-1].tolist())
        distances = asyncio.run(gap_distances(embedder, [one for passage in passages for one in passage]))
        widest = np.argsort(-distances[1:], kind="stable")[: len(seams)] + 1
        found.append(len(seams & set(widest.tolist())) / len(seams))
    return round(float(np.mean(found)), 3)


def main() -> None:
    """Prints a line an embedder and collection, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    sets = {"korean": korean(options.folder), "english": english(options.folder)}
    results: dict[str, Any] = {}
    for name in ("hashed", "wordllama"):
        try:
            embedder = load("embedders", name)()
        except MissingExtra as error:
            results[name] = str(error)
            continue
        results[name] = {
            language: {**retrieval(embedder, *found), "seams": seams_found(embedder, texts)}
            for language, (found, texts) in sets.items()
        }
        if not options.json:
            for language, row in results[name].items():
                print(f"{embedder.name:24} {language:8} {row}")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
