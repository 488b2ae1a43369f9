from raftune.metrics.quote_invented import plug
from tests.made_up import make_example, reply_of


def test_a_quote_that_stands_nowhere_is_invented():
    real, made = (
        f"##begin_quote##{text}##end_quote## <ANSWER>: x" for text in ("The office opens at nine.", "It is 40.")
    )
    assert plug.score(make_example(), reply_of(real)).value == 0
    assert plug.score(make_example(), reply_of(made)).value == 1
    assert plug.score(make_example(oracle=None), reply_of(real + made)).value == 1
    assert plug.score(make_example(), reply_of("")).value == 0


def test_without_documents_there_is_nothing_to_quote():
    assert plug.score(make_example(documents=(), oracle=None), reply_of("x")).state == "not_applicable"
    assert not plug.higher_is_better
