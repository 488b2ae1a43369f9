"""Wanted kinds out, items with verbatim quotes in, in one request or in several."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import BadReply
from raftune.records import Question
from raftune.teaching.lessons import Fault, Item
from raftune.teaching.recipes.passages import bare_reasoning, recipe, wanted_kinds
from tests.teaching.manners import ENGLISH, KOREAN, chunk, manner, reply

GOOD = {"kind": "number", "quotes": [1], "question": "How many ports?", "reasoning": "So.", "answer": "73 ports"}


def test_a_request_names_kinds_and_numbers_of_lines() -> None:
    request = recipe.request(chunk(), manner(kinds={"table": 1.0, "fact": 1.0}))
    assert request is not None
    assert request.messages[1].content.endswith("\n\nkinds: fact, table")
    item = request.reply_schema["properties"]["items"]["items"]["properties"]  # type: ignore[index]
    assert list(item) == ["kind", "quotes", "question", "answer"]
    assert item["quotes"]["items"]["enum"] == [1, 2, 3, 4, 5]
    assert item["kind"]["enum"] == ["fact", "table"]


def test_separate_questions_have_no_answers() -> None:
    teacher = manner(mode="separate", reasoning=True)
    request = recipe.request(chunk(), teacher)
    assert request is not None
    assert list(request.reply_schema["properties"]["items"]["items"]["properties"]) == ["kind", "question"]  # type: ignore[index]
    outcomes = recipe.read(reply({"items": [{"kind": "x", "question": "How many?"}]}), chunk(), teacher)
    assert outcomes[0] == Item(1, wanted_kinds(chunk(), teacher)[0], "How many?")
    assert outcomes[1] == Fault(2, "not written", "the reply has fewer items")


def test_an_answer_alone() -> None:
    teacher = manner(mode="separate", reasoning=True)
    question = Question(chunk=chunk().id, item=2, text="How many ships has South?", language="en", kind="table")
    request = recipe.answer_request(question, chunk(), teacher)
    assert request.messages[1].content.endswith("question: How many ships has South?")
    assert list(request.reply_schema["properties"]) == ["quotes", "reasoning", "answer"]  # type: ignore[index]
    item = recipe.read_answer(reply({"quotes": [4], "reasoning": "", "answer": "365"}), question, chunk(), teacher)
    assert (item.number, item.kind, item.answer) == (2, "table", "365")
    assert item.quotes[0].text == "| South | 365 |"


@pytest.mark.parametrize("fields", [{"quotes": [], "answer": ""}, {"quotes": [1], "answer": "I don't know."},
                                    {"quotes": [], "answer": "문서에는 답이 없습니다."}])  # fmt: skip
def test_no_answer_is_named(fields: dict[str, Any]) -> None:
    question = Question(chunk=chunk().id, item=1, text="Who?", language="en")
    with pytest.raises(BadReply) as caught:
        recipe.read_answer(reply(fields), question, chunk(), manner(mode="separate"))
    assert caught.value.reason == "not answered"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quotes": ["The moon is made of green cheese."]}, "quote not found"),
        ({"quotes": [17]}, "quote not found"),
        ({"quotes": []}, "no quote"),
        ({"answer": ""}, "not answered"),
        ({"question": " "}, "not written"),
        ({"question": {"a": 1}}, "wrong shape"),
    ],
)
def test_a_bad_item_is_named(change: dict[str, Any], reason: str) -> None:
    first, second = recipe.read(reply({"items": [GOOD | change, GOOD]}), chunk(), manner())
    assert isinstance(first, Fault)
    assert first.reason == reason
    assert isinstance(second, Item)
    assert (second.kind, second.reasoning) == ("number", "So.")


def test_nothing_to_ask_about() -> None:
    assert recipe.request(chunk("# Ports\n\nHello."), manner()) is None
    assert recipe.request(chunk("The Agency is in the north of the country."), manner(kinds={"table": 1.0})) is None
    assert recipe.numbers(chunk("# Ports"), manner()) == ()


FIELDS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["fact", "number", "table", "odd", 3]),
        "question": st.sampled_from(["How many ports?", "", None]),
        "answer": st.sampled_from(["73 ports", "", "410"]),
        "quotes": st.lists(st.one_of(st.integers(0, 7), st.sampled_from(ENGLISH.split(". ")), st.text(max_size=30))),
    }
)


@given(st.lists(st.one_of(FIELDS, st.none(), st.text(max_size=5)), max_size=6), st.sampled_from(["en", "ko"]))
def test_all_is_counted_and_all_quotes_are_verbatim(items: list[Any], language: str) -> None:
    one = chunk(KOREAN if language == "ko" else ENGLISH, language)
    outcomes = recipe.read(reply({"items": items or [None], "done": True}), one, manner())
    wanted = len(recipe.numbers(one, manner()))
    assert [outcome.number for outcome in outcomes] == list(range(1, max(wanted, len(items)) + 1))
    for outcome in outcomes:
        if isinstance(outcome, Item):
            assert outcome.quotes
            assert all(one.text[quote.start : quote.end] == quote.text for quote in outcome.quotes)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("The passage directly states that there were 73. So it is 73.", "There were 73. So it is 73."),
        ("There were 73. According to the text, nine twice.", "There were 73. Nine twice."),
        ("지문에 따르면 항만은 73곳이다.", "항만은 73곳이다."),
        ("The document of 2021 states that there were 73.", "The document of 2021 states that there were 73."),
    ],
)
def test_a_reasoning_states_facts(text: str, bare: str) -> None:
    assert bare_reasoning(text) == bare
