from hypothesis import given
from hypothesis import strategies as st

from raftune.render.rows import row_view, stretches
from raftune.report_records import ReportRow, RowReply


def make_row(reply, documents=("It opens at nine each day.", "The fee is 30 euros a month."), oracle=1, quotes=()):
    replies = (RowReply(system="tuned", text=reply, finish_reason="stop", values=()),)
    return ReportRow(
        example="e", question="q", documents=documents, oracle=oracle, quotes=quotes, reference="30 euros",
        behaviour="answer", source="s", outcome="same", replies=replies,
    )  # fmt: skip


def test_a_reply_becomes_words_quotes_and_an_answer():
    reply = "So ##begin_quote##The fee is 30 euros##end_quote## it is.\n<ANSWER>: 30 euros"
    view = row_view(make_row(reply)).replies[0]
    assert [(piece.text, piece.quote, piece.found) for piece in view.pieces] == [
        ("So", False, ()),
        ("The fee is 30 euros", True, (2,)),
        ("it is.", False, ()),
    ]
    assert view.final == "30 euros"


def test_a_made_up_quote_is_found_nowhere():
    view = row_view(make_row("##begin_quote##The fee is 31 euros##end_quote##")).replies[0]
    assert view.pieces[0].found == ()
    assert view.final is None


def test_no_marks_are_left_over():
    reply = "##end_quote## a <DOCUMENT>b</DOCUMENT> ##begin_quote## c <ANSWER> d ##end_quote##"
    view = row_view(make_row(reply)).replies[0]
    assert not any(mark in f"{view.pieces} {view.final}" for mark in ("quote##", "DOCUMENT>", "ANSWER>"))


def test_the_right_document_comes_first_and_its_quotes_are_lit():
    view = row_view(make_row("##begin_quote##fee is 30##end_quote##", quotes=("The fee is 30 euros a month.",)))
    assert view.order == (1, 0)
    assert [(part.text, part.quoted_by) for part in view.documents[1]] == [
        ("The ", ("expected",)),
        ("fee is 30", ("expected", "tuned")),
        (" euros a month.", ("expected",)),
    ]
    assert [part.quoted_by for part in view.documents[0]] == [()]


def test_decomposed_hangul_is_lit_too():
    documents = ("대\u1112\u1161\u11ab민국의 주권은 국민에게 있다.",)
    view = row_view(make_row("##begin_quote##대한민국의 주권은##end_quote##", documents, oracle=0))
    assert view.documents[0][0].text == "대한민국의 주권은"
    assert view.replies[0].pieces[0].found == (1,)


@given(st.text(max_size=60), st.lists(st.tuples(st.sampled_from(["base", "tuned"]), st.text(max_size=8)), max_size=4))
def test_the_stretches_are_the_whole_document(text, quoted):
    assert "".join(part.text for part in stretches(text, quoted)) == text
