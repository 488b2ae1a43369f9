from raftune.metrics.citation_recall import plug
from raftune.records import Quote
from tests.made_up import make_example, reply_of

TEXT = "The fee is 30 euros. It is due in May. The office opens at nine."
GOLD = tuple(
    Quote(chunk="c0", start=0, end=len(text), text=text) for text in ("The fee is 30 euros.", "It is due in May.")
)
EXAMPLE = make_example(documents=(TEXT, "Other rules apply to boats."), quotes=GOLD)


def quoting(*texts):
    return reply_of(" ".join(f"##begin_quote##{text}##end_quote##" for text in texts) + " <ANSWER>: x")


def test_the_share_of_the_references_quotes_that_are_met():
    assert plug.score(EXAMPLE, quoting("fee is 30 euros", "due in May")).value == 1
    assert plug.score(EXAMPLE, quoting("The fee is 30 euros.", "The office opens at nine.")).value == 0.5
    assert plug.score(EXAMPLE, quoting("made up by the model")).value == 0
    assert plug.score(EXAMPLE, reply_of("")).value == 0


def test_it_applies_where_the_reference_quotes():
    assert plug.score(make_example(documents=(TEXT,), quotes=()), quoting("x")).state == "not_applicable"
