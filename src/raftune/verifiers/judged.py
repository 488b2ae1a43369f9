"""A model says for each answer whether its quotes are enough to give it."""

from collections.abc import Sequence

from raftune.contracts import ChatReply, ChatRequest, Verdict
from raftune.records import Answer, Chunk, Language
from raftune.verifying.items import items_request, texts_in

LABELS = {"en": ("Question", "Quotes", "Answer"), "ko": ("질문", "인용문", "정답")}


class JudgedVerifier:
    """Drops answers whose quotes are judged not to support them."""

    name = "judged"

    def request(self, model: str, chunk: Chunk, answers: Sequence[Answer]) -> ChatRequest:
        """Question, quotes and answer of each item."""
        items = [shown(answer, chunk.language) for answer in answers]
        return items_request(model, "judged", chunk.language, items, choices=("yes", "no"))

    def judge(self, reply: ChatReply, answers: Sequence[Answer]) -> list[Verdict]:
        """A verdict for each answer. Raises BadReply where nothing of the reply can be used."""
        return [verdict(text, answer) for text, answer in zip(texts_in(reply, len(answers)), answers, strict=True)]


def shown(answer: Answer, language: Language) -> str:
    """An item on three lines."""
    question, quotes, final = LABELS[language]
    quoted = " / ".join(quote.text for quote in answer.quotes)
    return f"\n{question}: {answer.text}\n{quotes}: <QUOTES>{quoted}</QUOTES>\n{final}: {answer.final}"


def verdict(text: str | None, answer: Answer) -> Verdict:
    """Yes, no, or nothing that can be read as either."""
    word = (text or "").casefold().strip(" .!\"'")
    if word.startswith(("yes", "예", "네")):
        return Verdict()
    if word.startswith(("no", "아니")) and not word.startswith("not "):
        return Verdict(fault="not supported by its quotes", detail=f"{answer.text} | {answer.final}")
    return Verdict(checked=False)


def plug() -> JudgedVerifier:
    """The verifier; it remembers nothing."""
    return JudgedVerifier()
