"""The built-in teacher: questions by rule, answers verbatim from the sentence, always the same, without a model."""

import json
import re

from raftune.asking import english, korean
from raftune.contracts import ChatReply, ChatRequest, Passage
from raftune.digest import Json
from raftune.errors import ProviderError

LABEL = re.compile(
    r"^(?:(?:box|chapter|section|part|appendix|제)?\s*\d[\d.]*(?:장|절|조)?\.?(?:\s+|$))|[—–-]\s*continued$",
    re.IGNORECASE,
)
LONGEST_HEADING = 90
REASON = {
    "en": 'The quoted sentence stands under "{heading}" and gives the answer: {answer}.',
    "ko": '"{heading}"에 있는 인용 문장에 답이 나옵니다: {answer}.',
}
PLAIN_REASON = {"en": "The quoted sentence gives the answer: {answer}.", "ko": "인용 문장에 답이 나옵니다: {answer}."}


class ExtractiveModel:
    """Answers teaching requests from their `passage`. Where no rule is sure of a question it is left empty."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """The reply that the schema asks for. Raises ProviderError for a request without a passage."""
        if request.passage is None:
            raise ProviderError(
                "The built-in teacher only writes questions about passages.", "Name a model in raftune.toml for this."
            )
        text = json.dumps(reply_to(request.passage, wants_reasoning(request)), ensure_ascii=False)
        return ChatReply(text=text, finish_reason="stop", prompt_tokens=0, completion_tokens=0)


def wants_reasoning(request: ChatRequest) -> bool:
    """Whether the reply's schema has a reasoning."""
    items = (request.reply_schema or {}).get("properties", {}).values()
    return any("reasoning" in item["properties"] for item in items)


def reply_to(passage: Passage, reasoning: bool) -> Json:  # noqa: FBT001 - as in teaching
    """One object for each wanted sentence."""
    heading = heading_of(passage)
    return {f"sentence_{number}": item_of(passage, number, heading, reasoning) for number in passage.wanted}


def item_of(passage: Passage, number: int, heading: str, reasoning: bool) -> dict[str, str]:  # noqa: FBT001
    """Question and answer about one sentence, empty where there is none."""
    rules = korean if passage.language == "ko" else english
    asked = rules.ask(passage.sentences[number - 1], heading, " ".join(passage.sentences))
    item = {"question": asked.question if asked else "", "answer": asked.answer if asked else ""}
    if reasoning:
        template = (REASON if heading else PLAIN_REASON)[passage.language]
        item["reasoning"] = template.format(heading=heading, answer=asked.answer) if asked else ""
    return item


def heading_of(passage: Passage) -> str:
    """The nearest heading that is not only a number, without its number and quotation marks."""
    for heading in reversed(passage.headings):
        bare = (
            LABEL.sub("", LABEL.sub("", heading.strip())).strip().replace('"', "'").replace("“", "'").replace("”", "'")
        )
        if bare and any(character.isalpha() for character in bare) and len(bare) <= LONGEST_HEADING:
            return bare
    return ""


def plug() -> ExtractiveModel:
    """The built-in teacher."""
    return ExtractiveModel()
