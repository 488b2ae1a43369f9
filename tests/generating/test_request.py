from raftune.contracts import ChatMessage
from raftune.generating.request import Generation, Piece, Sampling


def test_a_request_asks_the_plain_model_greedily_unless_it_says_otherwise() -> None:
    asked = Generation((ChatMessage(role="user", content="Why?"),), Sampling(max_tokens=8))
    assert (asked.adapter, asked.sampling.temperature, asked.sampling.stop) == ("", 0.0, ())


def test_a_piece_does_not_end_a_text_unless_it_says_so() -> None:
    assert Piece("Because").finish_reason is None
