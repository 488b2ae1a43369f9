"""Gorilla's raft.py: question, context, oracle_context, cot_answer, instruction; also its form for evaluation."""

from raftune.auditing.forms import Parts, Row, asked, words_of
from raftune.checks import key_of

TARGETS = ("cot_answer", "gold_answer", "completion", "answer")
FINALS = ("final_answer", "gold_final_answer")


class Gorilla:
    """The oracle is named beside the documents, so its place is where the same text stands."""

    name = "gorilla"

    def accepts(self, row: Row) -> bool:
        """Whether there is a question with a context of its own."""
        return "question" in row and ("oracle_context" in row or "context" in row) and "documents" not in row

    def read(self, row: Row) -> Parts:
        """All that the row tells. Raises ValueError, KeyError or TypeError if it is broken."""
        documents = documents_of(row)
        oracle = words_of(row.get("oracle_context") or "")
        place = place_of(oracle, documents)
        return Parts(
            question=words_of(row["question"]),
            documents=documents,
            target=target_of(row),
            shown=None if not oracle or not documents else place is not None,
            place=place,
            oracle=oracle,
            number=str(row.get("id") or ""),
            split=str(row.get("split") or ""),
            call=row.get("type") == "api call",
        )


def documents_of(row: Row) -> tuple[str, ...]:
    """The documents in the context, else those in the instruction."""
    context = row.get("context")
    if isinstance(context, dict):
        sentences = context["sentences"]
        nested = sentences[0] if sentences and isinstance(sentences[0], list) else sentences
        return tuple(words_of(text) for text in nested)
    prompt = row.get("instruction") or context or ""
    return asked(words_of(prompt))[0]


def place_of(oracle: str, documents: tuple[str, ...]) -> int | None:
    """Where the oracle stands among the documents, or None."""
    if not oracle:
        return None
    if oracle in documents:
        return documents.index(oracle)
    wanted = key_of(oracle)
    return next((place for place, text in enumerate(documents) if key_of(text) == wanted), None)


def target_of(row: Row) -> str:
    """What is to be learned. A final answer that stands alone gets its mark."""
    for name in TARGETS:
        if row.get(name):
            return words_of(row[name])
    for name in FINALS:
        if row.get(name):
            return f"<ANSWER>: {words_of(row[name])}"
    return ""
