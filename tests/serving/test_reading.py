"""Models that read documents: an answer without marks, quotes with their places, and a refusal where there is none."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.answering import Answerer, Withheld
from raftune.prompts.raft import default_prompt
from raftune.records import Chunk
from raftune.serving.catalogue import Served
from raftune.serving.reading import Telling
from tests.serving.running import TUNED, Running, running
from tests.serving.scripted import Scripted

PORTS = "The harbour has 73 ports. Each has a crane."
REPLY = (
    "##begin_quote##The harbour has 73 ports.##end_quote## ##begin_quote##It has 9 gates.##end_quote## "
    "So the number is told.\n<ANSWER>: 73 ports"
)
ABSTAINS = "The passages are about cranes.\n<ANSWER>: The documents do not hold the answer."
QUESTION = "How many ports has the harbour?"


def chunk(text: str, **changes: Any) -> Chunk:
    given = {"document": "d", "path": "harbour.pdf", "text": text, "start": 0, "end": len(text), "pages": (3, 4)}
    return Chunk.model_validate({**given, "headings": (), "language": "en", **changes})


class First:
    """Finds the first passages."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.asked: list[str] = []

    async def index(self, texts: Sequence[str]) -> None:
        pass

    async def nearest(self, queries: Sequence[str], count: int) -> list[list[int]]:
        self.asked += queries
        return [list(range(min(count, self.size))) for _ in queries]


def reader(folder: Path, text: str, chunks: tuple[Chunk, ...] = (chunk(PORTS),), **config: Any):
    """A service with a model that reads documents."""
    found = First(len(chunks))
    answerer = Answerer(chunks, found, None, "", default_prompt(), 4, 0)  # type: ignore[arg-type]
    return running(folder, Scripted(text, context=1000), {"answerer": answerer}, **config)


def ask(up: Running, question: str = QUESTION, **changes: Any) -> Any:
    up.service.catalogue.add(Served("raftune-rag", 1, adapter=TUNED, reads=True))
    asked = [{"role": "user", "content": "An earlier question?"}, {"role": "assistant", "content": "Yes."}]
    asked.append({"role": "user", "content": question})
    return up.own.chat.completions.create(**{"model": "raftune-rag", "messages": asked, **changes})


def gathered(stream: Any) -> tuple[str, str, list[dict[str, Any]], str]:
    """Content, reasoning, annotations and the reason of the end of a stream."""
    content, reasoning, annotations, reason = "", "", [], ""
    for part in stream:
        choice = part.choices[0]
        content += choice.delta.content or ""
        reasoning += getattr(choice.delta, "reasoning_content", None) or ""
        annotations += getattr(choice.delta, "annotations", None) or []
        reason = choice.finish_reason or reason
    return content, reasoning, annotations, reason


def test_an_answer_with_its_quotes(tmp_path: Path) -> None:
    with reader(tmp_path, REPLY) as up:
        message = ask(up).choices[0].message
        assert up.generator.asked[0].adapter == TUNED
        assert up.service.answerer.retriever.asked == [QUESTION]
        assert PORTS in up.generator.asked[0].messages[-1].content
    assert message.content == "73 ports"
    assert "##" not in message.reasoning_content
    assert "So the number is told." in message.reasoning_content
    found, lost = message.annotations
    assert found.type == "url_citation"
    assert found.url_citation.url == "harbour.pdf#page=3"
    assert found.url_citation.title == "harbour.pdf, page 3, 4"
    assert found.citation == {
        "document": "harbour.pdf",
        "pages": [3, 4],
        "quote": "The harbour has 73 ports.",
        "verified": True,
        "passage": chunk(PORTS).id,
        "spans": [[0, 25]],
    }
    assert (lost.citation["verified"], lost.citation["document"]) == (False, None)


def test_the_stream_says_the_same(tmp_path: Path) -> None:
    with reader(tmp_path, REPLY) as up:
        whole = ask(up).choices[0].message
        content, reasoning, annotations, reason = gathered(ask(up, stream=True))
    assert (content, reasoning, reason) == (whole.content, whole.reasoning_content, "stop")
    assert [one["citation"] for one in annotations] == [one.citation for one in whole.annotations]


@pytest.mark.parametrize(
    ("question", "refusal"),
    [(QUESTION, "I am sorry, the documents do not hold"), ("항구는 몇 개입니까?", "죄송하지만 문서에서")],
)
@pytest.mark.parametrize("text", [ABSTAINS, "<ANSWER>: 문서에 답이 없습니다."])
def test_a_polite_refusal_in_the_language_of_the_question(
    tmp_path: Path, question: str, refusal: str, text: str
) -> None:
    with reader(tmp_path, text) as up:
        message = ask(up, question).choices[0].message
        content, _, annotations, _ = gathered(ask(up, question, stream=True))
    assert message.content.startswith(refusal)
    assert content == message.content
    assert message.annotations == annotations == []


def test_no_passage_no_generation(tmp_path: Path) -> None:
    with reader(tmp_path, REPLY, ()) as up:
        answer = ask(up, n=2)
        assert [choice.message.content[:10] for choice in answer.choices] == ["I am sorry"] * 2
        assert answer.usage.total_tokens == 0
        assert gathered(ask(up, stream=True))[0].startswith("I am sorry")
        assert up.generator.asked == []


def test_a_model_that_does_not_keep_to_the_form(tmp_path: Path) -> None:
    with reader(tmp_path, "There are ##begin_quote##73 ports##end_quote## in all.") as up:
        assert ask(up).choices[0].message.content == "There are 73 ports in all."
        assert gathered(ask(up, stream=True))[0] == "There are 73 ports in all."


@pytest.mark.parametrize("changes", [{"stop": "x"}, {"logprobs": True}, {"response_format": {"type": "json_object"}}])
def test_what_a_reader_does_not_take(tmp_path: Path, changes: dict[str, Any]) -> None:
    with reader(tmp_path, REPLY) as up:
        with pytest.raises(openai.BadRequestError) as caught:
            ask(up, **changes)
        assert caught.value.param in changes
        assert caught.value.code == "unsupported_parameter"


def test_no_question(tmp_path: Path) -> None:
    with reader(tmp_path, REPLY) as up, pytest.raises(openai.BadRequestError) as caught:
        ask(up, " ")
    assert caught.value.param == "messages"


def test_a_service_without_documents(tmp_path: Path) -> None:
    with running(tmp_path) as up, pytest.raises(openai.InternalServerError) as caught:
        ask(up)
    assert caught.value.status_code == 503


@given(st.text(alphabet="ab .문서에", max_size=30), st.lists(st.integers(0, 30), max_size=5))
def test_what_is_withheld_is_said_in_the_end(text: str, cuts: list[int]) -> None:
    withheld = Withheld(default_prompt())
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    said = "".join(withheld.feed(text[start:end]) for start, end in pairwise(places))
    assert withheld.abstains() or said + withheld.rest() == text


@given(st.lists(st.integers(0, len(REPLY)), max_size=8))
def test_marks_never_reach_a_reader_however_a_reply_is_cut(cuts: list[int]) -> None:
    telling = Telling(default_prompt(), "en")
    places = [0, *sorted(cuts), len(REPLY)]
    parts: list[dict[str, Any]] = [telling.feed(REPLY[start:end]) for start, end in pairwise(places)]
    parts.append(telling.end([chunk(PORTS)]))
    assert "".join(part["content"] for part in parts).strip() == "73 ports"
    reasoning = "".join(part["reasoning"] for part in parts)
    assert "#" not in reasoning
    assert "<" not in reasoning
