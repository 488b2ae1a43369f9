import pytest
import torch

from raftune.contracts import ChatMessage
from raftune.generating.choosing import Choice
from raftune.generating.request import Generation, Sampling
from raftune.generating.running import Running, told_token
from raftune.generating.spelling import Spelling


def running(told, **sampling):
    settings = Sampling(**{"max_tokens": 3, **sampling})
    asked = Generation((ChatMessage(role="user", content="?"),), settings)
    spelling = Spelling(lambda tokens: "".join(chr(97 + token) for token in tokens), settings.stop)
    return Running(asked, [1, 2], Choice(settings), spelling, told.append)


@pytest.mark.parametrize(
    ("tokens", "settings", "context", "text", "reason", "made"),
    [
        ([0, 1, 9], {}, 99, "ab", "stop", 2),
        ([0, 1, 2], {}, 99, "abc", "length", 3),
        ([0, 1], {}, 4, "ab", "length", 2),
        ([0, 1], {"stop": ("b",)}, 99, "a", "stop", 2),
        ([0, 1, 2], {"stop": ("cd",)}, 99, "abc", "length", 3),
        ([9], {}, 99, "", "stop", 0),
    ],
)
def test_how_texts_end(tokens, settings, context, text, reason, made):
    told = []
    one = running(told, **settings)
    for token in tokens:
        assert not one.ended
        one.add(token, {9}, context, None)
    assert one.ended
    assert "".join(piece.text for piece in told) == text
    assert (told[-1].finish_reason, told[-1].completion_tokens, told[-1].prompt_tokens) == (reason, made, 2)


def test_probabilities_wait_for_the_characters_they_belong_to():
    told = []
    one = running(told, stop=("bc",))
    token = told_token(str, torch.tensor([0.0, 1.0]), 1, 2)
    for number in (0, 1, 3):
        one.add(number, {9}, 99, token)
    assert [(piece.text, len(piece.tokens)) for piece in told] == [("a", 1), ("bd", 2)]
    assert [text for text, _ in token.likeliest] == ["[1]", "[0]"]
