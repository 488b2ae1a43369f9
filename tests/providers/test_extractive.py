import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.contracts import ChatMessage, ChatRequest, Passage
from raftune.errors import ProviderError
from raftune.providers.extractive import heading_of, plug, reply_to
from raftune.records import Chunk
from raftune.stage import Teacher
from raftune.teaching.lessons import Item
from raftune.teaching.recipes.sentences import recipe
from tests.support import make_chunk

TEXT = "The Agency completed 365 examinations in 2023. Licences for ships cost 40 dollars in the north of the country."


def chunk(text: str = TEXT) -> Chunk:
    return make_chunk(text).model_copy(update={"headings": ("1 Rules", "Box 4.2. Ports—continued")})


def teacher(*, reasoning: bool) -> Teacher:
    return Teacher("extractive", plug(), 4, reasoning)


@pytest.mark.parametrize("reasoning", [True, False])
def test_a_teaching_request_is_answered_as_its_schema_asks(*, reasoning: bool) -> None:
    request = recipe.request(chunk(), teacher(reasoning=reasoning))
    assert request is not None
    reply = asyncio.run(plug().complete(request))
    items = [item for item in recipe.read(reply, chunk(), teacher(reasoning=reasoning)) if isinstance(item, Item)]
    assert [item.answer for item in items] == ["365", "40"]
    assert items[1].question.startswith('Regarding "Ports", which number completes "Licences for ships cost ____')
    assert all(bool(item.reasoning) == reasoning for item in items)


def test_the_same_request_has_the_same_reply() -> None:
    request = recipe.request(chunk(), teacher(reasoning=True))
    assert request is not None
    assert asyncio.run(plug().complete(request)) == asyncio.run(plug().complete(request))


def test_a_sentence_no_rule_is_sure_of_is_left_empty() -> None:
    passage = Passage(sentences=("They were closed in the end.",), wanted=(1,), headings=(), language="en")
    assert reply_to(passage, False) == {"sentence_1": {"question": "", "answer": ""}}


def test_a_request_without_a_passage_is_refused() -> None:
    request = ChatRequest(model="extractive", messages=(ChatMessage(role="user", content="Hi"),), max_tokens=5)
    with pytest.raises(ProviderError, match="only writes questions"):
        asyncio.run(plug().complete(request))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("4 Supervision",), "Supervision"),
        (("Ports", "Box 6.1—continued"), "Ports"),
        (("2.1.4. 다중 프로세서",), "다중 프로세서"),
        (("The “Act”",), "The 'Act'"),
        ((), ""),
    ],
)
def test_headings_lose_their_numbers(headings: tuple[str, ...], expected: str) -> None:
    assert heading_of(Passage(sentences=(), wanted=(), headings=headings, language="en")) == expected


@given(st.text(max_size=300), st.text(max_size=60), st.sampled_from(["en", "ko"]))
def test_whatever_the_sentence_answers_are_verbatim(sentence: str, heading: str, language: str) -> None:
    passage = Passage(sentences=(sentence + " 12.",), wanted=(1,), headings=(heading,), language=language)  # type: ignore[arg-type]
    item = json.loads(json.dumps(reply_to(passage, True)))["sentence_1"]
    assert item["answer"] in passage.sentences[0]
    assert bool(item["question"]) == bool(item["answer"])
