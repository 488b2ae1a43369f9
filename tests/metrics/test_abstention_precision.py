from raftune.metrics.abstention_precision import plug
from tests.made_up import make_example, reply_of

UNKNOWN = "<ANSWER>: The documents do not hold the answer."


def test_only_replies_that_abstain_count():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of(UNKNOWN)).value == 1
    assert plug.score(make_example(), reply_of(UNKNOWN)).value == 0
    for reply in ("<ANSWER>: 30 euros", ""):
        assert plug.score(make_example(), reply_of(reply)).state == "not_applicable"
