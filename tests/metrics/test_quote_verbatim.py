from raftune.metrics.quote_verbatim import plug
from tests.made_up import make_example, reply_of

EXAMPLE = make_example()


def test_a_quote_from_any_shown_document():
    assert plug.score(EXAMPLE, reply_of("##begin_quote##The office opens at nine.##end_quote##")).value == 1
    assert plug.score(EXAMPLE, reply_of("##begin_quote##The office opens at ten.##end_quote##")).value == 0


def test_one_made_up_quote_spoils_it():
    reply = "##begin_quote##The office opens at nine.##end_quote## ##begin_quote##It closes at five.##end_quote##"
    assert plug.score(EXAMPLE, reply_of(reply)).value == 0


def test_no_quote_is_0():
    assert plug.score(EXAMPLE, reply_of("<ANSWER>: 30 euros")).value == 0
    assert plug.score(EXAMPLE, reply_of("")).value == 0


def test_it_does_not_apply_without_oracle():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("")).state == "not_applicable"
    assert plug.score(make_example(oracle=None, behaviour="memorise"), reply_of("")).state == "not_applicable"
