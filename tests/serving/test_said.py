"""A piece as its reader is told it."""

from raftune.generating.request import Piece
from raftune.serving.said import said


def test_counts_come_along() -> None:
    piece = Piece("a<b", (), "stop", prompt_tokens=5, completion_tokens=3, cached_tokens=2)
    told = said(piece, content="a", reasoning="b")
    assert (told.content, told.reasoning, told.finish_reason) == ("a", "b", "stop")
    assert (told.prompt_tokens, told.completion_tokens, told.cached_tokens) == (5, 3, 2)
