"""The question is asked without the passage: what a model knows anyway teaches it little about reading."""

from collections.abc import Sequence

from raftune.comparison import CLOSED_ANSWERS, normalise_answer
from raftune.contracts import ChatReply, ChatRequest, Verdict
from raftune.records import Answer, Chunk
from raftune.verifying.agreement import agree, is_unknown
from raftune.verifying.items import items_request, texts_in

FLAG = "closed_book"


class ClosedBookVerifier:
    """Flags answers that are given without the passage; drops none. A right yes or no may be luck, and is no flag."""

    name = "closed_book"

    def request(self, model: str, chunk: Chunk, answers: Sequence[Answer]) -> ChatRequest:
        """The questions alone."""
        return items_request(model, "closed_book", chunk.language, [answer.text for answer in answers])

    def judge(self, reply: ChatReply, answers: Sequence[Answer]) -> list[Verdict]:
        """A verdict for each answer. Raises BadReply where nothing of the reply can be used."""
        return [verdict(text, answer) for text, answer in zip(texts_in(reply, len(answers)), answers, strict=True)]


def verdict(text: str | None, answer: Answer) -> Verdict:
    """Whether the answer was known."""
    if text is None:
        return Verdict(checked=False)
    luck = normalise_answer(answer.final, answer.language) in CLOSED_ANSWERS or answer.final.strip(" .") in (
        "예",
        "아니요",
    )
    known = not luck and not is_unknown(text) and agree(text, answer, strict=True)
    return Verdict(flag=FLAG if known else "")


def plug() -> ClosedBookVerifier:
    """The verifier; it remembers nothing."""
    return ClosedBookVerifier()
