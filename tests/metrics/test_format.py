import pytest

from raftune.metrics.format import plug
from tests.made_up import make_example, reply_of


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("##begin_quote##a##end_quote## b ##begin_quote##c##end_quote##\n<ANSWER>: d", 1),
        ("<ANSWER>: 문서에 답이 없습니다.", 1),
        ("##begin_quote##a\n<ANSWER>: d", 0),
        ("##end_quote##a##begin_quote##\n<ANSWER>: d", 0),
        ("##begin_quote##a##end_quote##\n<ANSWER>:  ", 0),
        ("d", 0),
        ("", 0),
    ],
)
def test_format(reply, value):
    assert plug.score(make_example(), reply_of(reply)).value == value
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of(reply)).value == value
