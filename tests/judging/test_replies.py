import pytest

from raftune.contracts import ChatReply
from raftune.errors import BadReply
from raftune.judging.replies import statements, texts_in, verdict_of, verdicts_in


def reply(text, finish_reason="stop"):
    return ChatReply(text=text, finish_reason=finish_reason, prompt_tokens=1, completion_tokens=1)


@pytest.mark.parametrize(
    "text",
    [
        '{"statement_1": "yes", "statement_2": "no"}',
        '{"1": 1, "2": 0}',
        '{"statement_2": false, "statement_1": true}',
        '```json\n{"statement_1": "Yes.", "statement_2": "No, it says 35"}\n```',
        '<think>yes or no?</think>Here you are: {"statement_1": "예", "statement_2": "아니요"}',
        '{"verdicts": {"statement_1": {"verdict": "yes"}, "statement_2": {"verdict": 0}}}',
    ],
)
def test_a_verdict_for_each_statement_however_it_is_written(text):
    assert verdicts_in(reply(text), 2) == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        '{"statement_1": "yes"}',
        '{"statement_1": "yes", "statement_2": "no", "statement_3": "yes"}',
        '{"statement_1": "yes", "1": "no", "statement_2": "no"}',
        '{"statement_1": "yes", "statement_2": "perhaps"}',
        '["yes", "no"]',
        "yes, no",
        "",
        "{}",
        '{"statement_0": "yes", "statement_1": "no"}',
    ],
)
def test_nothing_is_made_up_for_what_is_missing_or_doubled(text):
    with pytest.raises(BadReply):
        verdicts_in(reply(text), 2)


def test_half_a_reply_is_none():
    with pytest.raises(BadReply):
        verdicts_in(reply('{"statement_1": "yes", "statement_2": "no"}', "length"), 2)


def test_texts_stand_in_a_list():
    for text in (
        '{"claims": ["a", "b"]}',
        '{"statements": ["a", "b"]}',
        '{"claims": [{"answer": "a"}, "b"]}',
    ):
        assert texts_in(reply(text), "claims") == ["a", "b"]
    for text in ('{"claims": "a"}', '{"claims": [""]}', '{"claims": [null]}', "a, b", '{"a": ["x"], "b": ["y"]}'):
        with pytest.raises(BadReply):
            texts_in(reply(text), "claims")


def test_words_that_are_neither_are_no_verdict():
    assert [verdict_of(value) for value in ("yes", "no", 1, 0, True, "nothing", "", None, 7)] == [
        True, False, True, False, True, None, None, None, None,
    ]  # fmt: skip


def test_statements_are_numbered_from_any_number():
    assert statements(["a", "b"], 3) == "statement_3: a\nstatement_4: b"
