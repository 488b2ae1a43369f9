"""The question is answered again by someone who sees the passage, but not the first answer."""

from collections.abc import Sequence

from raftune.contracts import ChatReply, ChatRequest, Verdict
from raftune.records import Answer, Chunk
from raftune.verifying.agreement import agree, is_unknown
from raftune.verifying.items import items_request, texts_in


class BlindVerifier:
    """Drops what the passage does not answer, and what is answered otherwise the second time."""

    name = "blind"

    def request(self, model: str, chunk: Chunk, answers: Sequence[Answer]) -> ChatRequest:
        """The passage and all questions."""
        return items_request(model, "blind", chunk.language, [answer.text for answer in answers], chunk.text)

    def judge(self, reply: ChatReply, answers: Sequence[Answer]) -> list[Verdict]:
        """A verdict for each answer. Raises BadReply where nothing of the reply can be used."""
        return [verdict(text, answer) for text, answer in zip(texts_in(reply, len(answers)), answers, strict=True)]


def verdict(text: str | None, answer: Answer) -> Verdict:
    """What a second answer says about the first."""
    if text is None:
        return Verdict(checked=False)
    if agree(text, answer):
        return Verdict()
    fault = "not answerable from the passage" if is_unknown(text) else "answered differently"
    return Verdict(fault=fault, detail=f"{answer.text} | {answer.final} | {text}")


def plug() -> BlindVerifier:
    """The verifier; it remembers nothing."""
    return BlindVerifier()
