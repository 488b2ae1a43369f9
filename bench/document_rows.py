"""Training rows of real text with chosen lengths: abstracts as documents, their questions, quotes and conclusions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Example, Quote
from raftune.training.rows import Row, rows_of

DOCUMENTS = 5
SUFFIX_TOKENS = 225


def document_rows(data: Path, tokenizer: Any, document_tokens: int, questions: int) -> list[Row]:
    """Rows of one document set: 5 documents of about `document_tokens` / 5 tokens, `questions` questions on them.

    Documents are abstracts of PubMedQA in the file's order, joined and cut. An abstract has one question, so further
    questions come from later abstracts: for timing, what matters is that their text and lengths are real.
    """
    with (data / "pubmedqa" / "train.jsonl").open(encoding="utf-8") as file:
        items = [json.loads(line) for line in file]
    texts = pieces(items, tokenizer, document_tokens // DOCUMENTS)
    documents = tuple(ContextDocument(chunk=f"d{number}", text=next(texts)) for number in range(DOCUMENTS))
    examples = [example(item, number, documents, tokenizer) for number, item in enumerate(items[:questions])]
    return rows_of(examples, tokenizer, default_prompt(), 1 << 20)


def pieces(items: list[dict[str, Any]], tokenizer: Any, size: int) -> Iterator[str]:
    """Real text in pieces of `size` tokens."""
    text = " ".join(part["text"] for item in items for part in item["contexts"])
    ids = tokenizer(text[: size * 100], add_special_tokens=False)["input_ids"]
    for start in range(0, len(ids) - size, size):
        yield tokenizer.decode(ids[start : start + size]).strip()


def example(item: dict[str, Any], number: int, documents: tuple[ContextDocument, ...], tokenizer: Any) -> Example:
    """A question with quotes of its own abstract until the suffix has about 225 tokens."""
    sentences = " ".join(part["text"] for part in item["contexts"])
    room = SUFFIX_TOKENS - 40 - len(tokenizer(item["question"] + item["long_answer"])["input_ids"])
    quote = tokenizer.decode(tokenizer(sentences)["input_ids"][: max(20, room)]).strip()
    return Example(
        answer=f"a{number}",
        text=item["question"],
        documents=documents,
        oracle=number % DOCUMENTS,
        group="g",
        document_set="s",
        source="pubmedqa",
        split="train",
        behaviour="answer",
        reasoning=item["long_answer"],
        quotes=(Quote(chunk=documents[number % DOCUMENTS].chunk, start=0, end=len(quote), text=quote),),
        final=item["answer"],
        reference=item["answer"],
        language="en",
    )
