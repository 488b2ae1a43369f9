"""The program picks the sentences. The requests are pinned: ledgers of the first version still answer them."""

import json

import pytest

from raftune.contracts import ChatRequest
from raftune.errors import BadReply
from raftune.records import Chunk
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.recipes.sentences import is_worth_asking, recipe, sentences_of, worth_asking
from tests.support import make_chunk
from tests.teaching.manners import manner, reply

TEXT = (
    "# Ports\n\nThe Agency inspected 73 ports during 2021, nine of them twice. "
    "This was a lot of work for its few people. "
    "Licences are renewed every two years unless the holder has left. Short one."
)
KOREAN = (
    "# 항만\n\n2021년에 공단은 항만 73곳을 점검하였으며, 그중 9곳이 안전하지 않은 것으로 나타났다. "
    "도선사 면허는 소지자가 출국한 경우를 제외하고 2년마다 갱신하여야 한다.\n\n"
    "| 항만 | 면적 |\n| --- | --- |\n| 부산항 | 총 3,400 헥타르이며 2021년에 넓어졌다. |"
)


def chunk(language: str = "en", text: str = TEXT) -> Chunk:
    return make_chunk(text, language=language).model_copy(update={"headings": ("1 Rules", "Ports")})


def request(one: Chunk, *, reasoning: bool = False) -> ChatRequest:
    found = recipe.request(one, manner("sentences", reasoning=reasoning))
    assert found is not None
    return found


def item(question: str = "How many?", answer: str = "73 ports") -> dict[str, str]:
    return {"question": question, "answer": answer}


@pytest.mark.parametrize(
    ("language", "reasoning", "key"),
    [
        ("en", True, "2f875295267f818000801b0a04dd0258"),
        ("en", False, "4004d54680e6ed1a585cc641a519d0ce"),
        ("ko", True, "20b7097b8832ee12a7b1a5b8af408039"),
        ("ko", False, "f0812a3f3634db3082eeca23b820db22"),
    ],
)
def test_requests_never_change(language: str, *, reasoning: bool, key: str) -> None:
    one = chunk(language, KOREAN if language == "ko" else TEXT)
    assert request(one, reasoning=reasoning).model_copy(update={"model": "m"}).key == key


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
    found = request(chunk())
    assert found.passage is not None
    assert found.passage.wanted == (1, 3)
    assert '<PASSAGE heading="1 Rules > Ports">' in found.messages[1].content
    assert 'sentence_3: "Licences are' in found.messages[1].content
    assert found.reply_schema is not None
    assert found.reply_schema["required"] == ["sentence_1", "sentence_3"]
    assert "reasoning" not in found.messages[0].content


def test_the_passage_is_no_part_of_the_key() -> None:
    found = request(chunk())
    assert found.key == found.model_copy(update={"passage": None}).key
    assert "passage" not in found.model_dump()


def test_a_reasoning_is_asked_for_where_it_is_wanted() -> None:
    for language in ("en", "ko"):
        found = request(chunk(language), reasoning=True)
        assert "\nreasoning:" in found.messages[0].content
        assert found.reply_schema is not None
        assert "reasoning" in found.reply_schema["properties"]["sentence_1"]["required"]


def test_no_request_where_there_is_nothing_to_ask() -> None:
    assert recipe.request(chunk(text="# Ports\n\nNothing here."), manner()) is None


def test_a_reply_is_read_in_the_order_of_the_sentences() -> None:
    content = {"sentence_3": item("How often?", "every  two\nyears"), "sentence_1": item()}
    items = [found for found in recipe.read(reply(content), chunk(), manner()) if isinstance(found, Item)]
    assert [(found.number, found.answer, found.kind) for found in items] == [
        (1, "73 ports", "number"),
        (3, "every two years", "fact"),
    ]
    assert all(TEXT[quote.start : quote.end] == quote.text for found in items for quote in found.quotes)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [(None, "not written"), ({}, "wrong shape"), ("text", "wrong shape"),
     ({"question": [], "answer": "x"}, "wrong shape"), ({"question": "", "answer": ""}, "not written")],
)  # fmt: skip
def test_a_bad_item_is_named_and_the_good_one_kept(bad: object, reason: str) -> None:
    first, second = recipe.read(reply({"sentence_1": bad, "sentence_3": item()}), chunk(), manner())
    assert isinstance(first, Fault)
    assert (first.number, first.reason) == (1, reason)
    assert isinstance(second, Item)


@pytest.mark.parametrize("content", [[item()], {"items": [item()]}, json.dumps({"sentence_9": item()})])
def test_a_reply_about_no_sentence_is_a_bad_reply(content: object) -> None:
    with pytest.raises(BadReply) as caught:
        recipe.read(reply(content), chunk(), manner())
    assert caught.value.reason == "wrong shape"


def test_there_are_no_separate_answers() -> None:
    with pytest.raises(NotImplementedError):
        recipe.answer_request(None, chunk(), manner())  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError):
        recipe.read_answer(reply(""), None, chunk(), manner())  # type: ignore[arg-type]
