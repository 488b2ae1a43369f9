from raftune.metrics.quote_from_distractor import plug
from tests.made_up import make_example, reply_of


def test_a_real_quote_from_another_document_counts():
    other, right, made = (
        f"##begin_quote##{text}##end_quote## <ANSWER>: x"
        for text in ("The office opens at nine.", "The monthly fee is 30 euros", "It is 40.")
    )
    assert plug.score(make_example(), reply_of(other)).value == 1
    assert plug.score(make_example(), reply_of(right)).value == 0
    assert plug.score(make_example(), reply_of(made)).value == 0
    assert plug.score(make_example(), reply_of("")).value == 0


def test_without_an_oracle_every_real_quote_is_one():
    quote = "##begin_quote##The office opens at nine.##end_quote## <ANSWER>: x"
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of(quote)).value == 1
    assert plug.score(make_example(documents=(), oracle=None), reply_of("x")).state == "not_applicable"
