from raftune.metrics.api_call import plug
from tests.made_up import make_example, reply_of

CALL = make_example(reference="torch.hub.load('a/b', 'net', pretrained=True)", kind="call")


def test_the_call_in_the_answer_or_the_reply_counts():
    assert plug.score(CALL, reply_of('<ANSWER>: torch.hub.load("a/b", "net", pretrained=True)')).value == 1
    assert (
        plug.score(CALL, reply_of("model = torch.hub.load('a/b', 'net', pretrained=True)\n<ANSWER>: as above")).value
        == 1
    )
    assert plug.score(CALL, reply_of("<ANSWER>: torch.hub.load('a/b', 'net', pretrained=True, force=1)")).value == 1
    for reply in ("<ANSWER>: torch.hub.load('a/b', 'other', pretrained=True)", "<ANSWER>: use torch", ""):
        assert plug.score(CALL, reply_of(reply)).value == 0


def test_it_applies_to_calls_alone():
    assert plug.score(make_example(reference="f(1)"), reply_of("f(1)")).state == "not_applicable"
    assert plug.score(make_example(reference="no call", kind="call"), reply_of("f(1)")).state == "not_applicable"
