import json

import pytest

from raftune.contracts import ChatReply
from raftune.errors import BadReply
from raftune.records import Chunk
from raftune.teaching import is_worth_asking, read_reply, sentences_of, teaching_request, worth_asking
from tests.support import make_chunk

TEXT = (
    "# Ports\n\nThe Agency inspected 73 ports during 2021, nine of them twice. "
    "This was a lot of work for its few people. "
    "Licences are renewed every two years unless the holder has left. Short one."
)


def chunk(language: str = "en", text: str = TEXT) -> Chunk:
    return make_chunk(text, language=language).model_copy(update={"headings": ("1 Rules", "Ports")})


def reply(content: object, finish_reason: str = "stop") -> ChatReply:
    text = content if isinstance(content, str) else json.dumps(content)
    return ChatReply(text=text, finish_reason=finish_reason, prompt_tokens=1, completion_tokens=1)


def item(question: str = "How many?", answer: str = "73 ports") -> dict[str, str]:
    return {"question": question, "answer": answer}


def test_sentences_are_spans_of_the_chunk_without_headings() -> None:
    sentences = sentences_of(chunk())
    assert [sentence.number for sentence in sentences] == [1, 2, 3, 4]
    assert all(TEXT[sentence.start : sentence.end] == sentence.text for sentence in sentences)


def test_sentences_with_figures_come_first_in_the_choice_but_not_in_the_order() -> None:
    sentences = sentences_of(chunk())
    assert [sentence.number for sentence in worth_asking(sentences, 5)] == [1, 3]
    assert [sentence.number for sentence in worth_asking(sentences, 1)] == [1]


@pytest.mark.parametrize(
    "text",
    [
        "Short: 12.",
        "This happened to the Agency in 2021, when it inspected ports.",
        "The Agency inspected 73 ports during 2021, nine of them",
        "and it inspected 73 ports during 2021, nine of them twice.",
        "The Agency has a page on ports at http://ports.example since 2021.",
        "The Agency is pleasant and people like to go there for lunch.",
        "이는 2021년에 공단이 항만 73곳을 점검하였기 때문이며 그중 9곳은 위험하였다.",
    ],
)
def test_sentences_not_worth_asking(text: str) -> None:
    assert not is_worth_asking(text)


def test_a_request_holds_passage_schema_and_prompt() -> None:
    request = teaching_request(chunk(), 5, "m", reasoning=False)
    assert request is not None
    assert request.passage is not None
    assert request.passage.wanted == (1, 3)
    assert '<PASSAGE heading="1 Rules > Ports">' in request.messages[1].content
    assert 'sentence_3: "Licences are' in request.messages[1].content
    assert request.reply_schema is not None
    assert request.reply_schema["required"] == ["sentence_1", "sentence_3"]
    assert "reasoning" not in request.messages[0].content


def test_the_passage_is_no_part_of_the_key() -> None:
    request = teaching_request(chunk(), 5, "m", reasoning=False)
    assert request is not None
    assert request.key == request.model_copy(update={"passage": None}).key
    assert "passage" not in request.model_dump()


def test_a_reasoning_is_asked_for_where_it_is_wanted() -> None:
    for language in ("en", "ko"):
        request = teaching_request(chunk(language), 5, "m", reasoning=True)
        assert request is not None
        assert "\nreasoning:" in request.messages[0].content
        assert request.reply_schema is not None
        assert "reasoning" in request.reply_schema["properties"]["sentence_1"]["required"]


def test_no_request_where_there_is_nothing_to_ask() -> None:
    assert teaching_request(chunk(text="# Ports\n\nNothing here."), 5, "m", reasoning=False) is None


def test_a_reply_is_read_in_the_order_of_the_sentences() -> None:
    items = read_reply(reply({"sentence_3": item("How often?", "every  two\nyears"), "sentence_1": item()}), chunk(), 5)
    assert [(found.sentence.number, found.answer) for found in items] == [(1, "73 ports"), (3, "every two years")]


def test_a_fence_around_the_json_does_no_harm() -> None:
    content = json.dumps({"sentence_1": item(), "sentence_3": item()})
    assert len(read_reply(reply(f"```json\n{content}\n```"), chunk(), 5)) == 2


@pytest.mark.parametrize(
    "content",
    ["", "no json", "[]", "null", {"sentence_1": item()}, {"sentence_1": {}, "sentence_3": item()},
     {"sentence_1": "text", "sentence_3": item()},
     {"sentence_1": {"question": 1, "answer": "x"}, "sentence_3": item()}],
)  # fmt: skip
def test_a_reply_of_another_shape_is_a_bad_reply(content: object) -> None:
    with pytest.raises(BadReply, match="not the JSON"):
        read_reply(reply(content), chunk(), 5)


def test_a_reply_that_was_cut_is_a_bad_reply() -> None:
    with pytest.raises(BadReply, match="'length'"):
        read_reply(reply({"sentence_1": item(), "sentence_3": item()}, "length"), chunk(), 5)
