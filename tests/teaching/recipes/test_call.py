"""API descriptions: the final answer is the call, verbatim; what the document says is not asked for."""

from pathlib import Path

import pytest

from raftune.errors import BadReply
from raftune.readers.api import one_reading
from raftune.records import Question
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.recipes.call import calls_of, recipe
from tests.teaching.manners import API, CALL, api_chunk, chunk, manner, reply

GOOD = {
    "question": "A city wants to find vehicles and lanes on its cameras. Which call does it?",
    "api_call": CALL,
    "explanation": "It detects both at once.",
    "code": "```python\nimport torch\nmodel = 1\n```",
}


def test_the_request_asks_for_what_the_document_does_not_say() -> None:
    request = recipe.request(api_chunk(), manner(reasoning=True))
    assert request is not None
    item = request.reply_schema["properties"]["items"]["items"]["properties"]  # type: ignore[index]
    assert list(item) == ["question", "api_call", "explanation", "code"]
    assert item["api_call"]["enum"] == [CALL]
    assert request.messages[1].content.endswith("\n\nitems: 2")


def test_an_item_says_domain_call_provider_explanation_and_code() -> None:
    first, second = recipe.read(reply({"items": [GOOD]}), api_chunk(), manner(reasoning=True))
    assert isinstance(first, Item)
    assert (first.kind, first.answer) == ("call", CALL)
    assert [quote.text for quote in first.quotes] == [
        "domain: Object Detection", "framework: PyTorch", f"api_call: {CALL}",
    ]  # fmt: skip
    assert first.reasoning == (
        "domain: Object Detection\napi_provider: PyTorch\nexplanation: It detects both at once.\n"
        "code: \nimport torch\nmodel = 1"
    )
    assert second == Fault(2, "not written", "the reply has fewer items")


@pytest.mark.parametrize("call", ["torch.hub.load('other')", "torch.hub.load", ""])
def test_another_call_is_refused(call: str) -> None:
    first = recipe.read(reply({"items": [GOOD | {"api_call": call}]}), api_chunk(), manner())[0]
    assert isinstance(first, Fault)
    assert first.reason == "call not found"


def test_marks_of_another_shape_do_no_harm() -> None:
    first = recipe.read(reply({"items": [GOOD | {"api_call": CALL.replace("'", "‘")}]}), api_chunk(), manner())[0]
    assert isinstance(first, Item)
    assert first.answer == CALL


def test_a_call_alone() -> None:
    teacher = manner(mode="separate")
    questions = recipe.read(reply({"items": [{"question": "Which call finds lanes?"}]}), api_chunk(), teacher)
    assert questions[0] == Item(1, "call", "Which call finds lanes?")
    question = Question(chunk=api_chunk().id, item=1, text="Which call finds lanes?", language="en", kind="call")
    request = recipe.answer_request(question, api_chunk(), teacher)
    assert request.messages[1].content.endswith("question: Which call finds lanes?")
    item = recipe.read_answer(reply({"api_call": CALL}), question, api_chunk(), teacher)
    assert (item.answer, item.number) == (CALL, 1)
    with pytest.raises(BadReply):
        recipe.read_answer(reply({"api_call": "x()"}), question, api_chunk(), teacher)


def test_only_descriptions_of_a_call_have_one() -> None:
    assert calls_of(chunk(API)) == []
    assert calls_of(chunk("# Ports\n\nname: North", media_type="application/json")) == []
    assert recipe.request(chunk(), manner()) is None
    operation = chunk("# GET /ports/{id}\n\nsummary: One port.", media_type="application/json")
    assert [operation.text[slice(*span)] for span in calls_of(operation)] == ["GET /ports/{id}"]


def test_a_reading_of_the_kind_the_reader_makes_has_its_call() -> None:
    value = {
        "api_name": "YOLOP",
        "domain": "Vision",
        "api_call": "hub.load('hustvl/yolop')",
        "description": "Finds lanes.",
    }
    reading = one_reading(value, Path("api").stem, "1")
    assert reading is not None
    text = next(iter(reading.pages)).page.text
    assert [text[slice(*span)] for span in calls_of(chunk(text, media_type="application/json"))] == [value["api_call"]]
