"""Tokens as the models count them."""

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.errors import ConfigError
from raftune.tokenizing import MESSAGE_TOKENS, PICTURE_TOKENS, counter_for, encoding_of, request_tokens

PUBLISHED = "tiktoken is great!"  # the example of OpenAI's cookbook: six tokens, whose numbers it prints


def test_the_published_example_is_counted_as_published() -> None:
    assert encoding_of("cl100k_base").encode_ordinary(PUBLISHED) == [83, 1609, 5963, 374, 2294, 0]
    assert encoding_of("o200k_base").encode_ordinary(PUBLISHED) == [83, 8251, 2488, 382, 2212, 0]
    assert counter_for("gpt-4")(PUBLISHED) == counter_for("gpt-4o")(PUBLISHED) == 6


def test_other_published_counts() -> None:
    # OpenAI's cookbook, "How to count tokens with tiktoken": the same texts in both encodings.
    texts = {"antidisestablishmentarianism": (6, 6), "2 + 2 = 4": (7, 7), "お誕生日おめでとう": (9, 8)}
    for text, counts in texts.items():
        assert (counter_for("gpt-4")(text), counter_for("gpt-4o")(text)) == counts


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gpt-4o-mini-2024-07-18", "o200k"),
        ("gpt-4.1", "o200k"),
        ("gpt-6-luna", "o200k"),
        ("o3-mini", "o200k"),
        ("ft:gpt-4o-mini-2024-07-18:bank::abc", "o200k"),
        ("gpt-4-turbo", "cl100k"),
        ("gpt-35-turbo", "cl100k"),
        ("text-embedding-3-large", "cl100k"),
        ("qwen3:14b", "rule of thumb"),
        ("our-deployment", "rule of thumb"),
    ],
)
def test_a_family_is_told_by_its_name(model: str, name: str) -> None:
    found = counter_for(model)
    assert (found.name, found.exact) == (name, name != "rule of thumb")


def test_a_deployment_of_any_name_may_name_its_tokenizer() -> None:
    assert counter_for("our-deployment", "cl100k").name == "cl100k"
    with pytest.raises(ConfigError):
        counter_for("our-deployment", "no/such/tokenizer.json")


@pytest.mark.parametrize(
    "text",
    [
        "The Bank decided to raise the base rate by a quarter of a point, since prices rose faster than expected.",
        "한국은행 금융통화위원회는 물가 상승 압력이 커진 점을 고려하여 기준금리를 0.25%포인트 인상하기로 결정하였다.",
    ],
)
def test_the_rule_of_thumb_is_near_in_both_languages(text: str) -> None:
    exact, thumb = counter_for("gpt-4o")(text * 5), counter_for("llama")(text * 5)
    assert 0.75 < thumb / exact < 1.3


def test_a_request_is_its_messages_its_pictures_and_its_schema() -> None:
    bare = ChatRequest(model="m", messages=(ChatMessage(role="user", content="a" * 10),), max_tokens=5)
    assert request_tokens(bare, len) == 10 + 2 * MESSAGE_TOKENS
    seen = ChatMessage(role="user", content="a" * 10, images=("data:1", "data:2"))
    full = bare.model_copy(update={"messages": (seen,), "reply_schema": {"type": "object"}})
    assert request_tokens(full, len) == request_tokens(bare, len) + 2 * PICTURE_TOKENS + len('{"type":"object"}')


def test_half_a_pair_is_counted_as_something() -> None:
    assert counter_for("gpt-4o")("a \ud83d b") >= 3
