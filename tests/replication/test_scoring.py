from raftune.records import Prediction
from raftune.replication.course import Course
from raftune.replication.rows import example_of
from raftune.replication.scoring import Scoring, metrics_of
from tests.made_up import make_example
from tests.replication.made import make_given

METRICS = ("choice_macro_f1", "exact_match_lenient", "quote_supported")


def said(example, system, reply):
    return Prediction(
        example=example.id, system=system, reply=reply, finish_reason="stop", prompt_tokens=1, completion_tokens=1
    )


def quoted(text, final="word2"):
    return f"##begin_quote##{text}##end_quote##\n<ANSWER>: {final}"


def values(marks, metric):
    return [(score.system, score.value) for score in marks.scores if score.metric == metric]


def test_a_quote_may_stand_in_any_document_that_holds_the_answer():
    one = make_given()
    row = example_of(one, one.documents)
    scoring = Scoring(metrics_of(METRICS, Course({}, given=(one,))), [row], 0)
    texts = [document.text for document in row.documents]
    replies = [said(row, "a", quoted(texts[0])), said(row, "b", quoted(texts[2])), said(row, "c", quoted(texts[1]))]
    marks = scoring.marks([*replies, said(row, "d", "<ANSWER>: word2")], {})
    assert values(marks, "quote_supported") == [("a", 1.0), ("b", 1.0), ("c", 0.0), ("d", 0.0)]
    assert values(marks, "exact_match_lenient") == [(name, 1.0) for name in "abcd"]


def test_without_right_documents_there_is_nothing_to_quote():
    one = make_given()
    row = example_of(one, one.documents[3:])
    scoring = Scoring(metrics_of(METRICS, Course({}, given=(one,))), [row], 0)
    marks = scoring.marks([said(row, "a", quoted(row.documents[0].text))], {})
    assert values(marks, "quote_supported") == [("a", None)]
    assert values(marks, "exact_match_lenient") == [("a", 1.0)]


def test_a_closed_book_is_not_asked_for_quotes():
    one = make_given()
    row = example_of(one, one.documents)
    scoring = Scoring(metrics_of(METRICS, Course({}, given=(one,))), [row], 0)
    marks = scoring.marks([said(row, "base:closed", "<ANSWER>: word2")], {"base:closed": "base:closed"})
    assert values(marks, "quote_supported") == [("base:closed", None)]


def test_choices_are_kept_by_system():
    row = make_example(reference="no")
    scoring = Scoring(metrics_of(("choice",), Course({})), [row], 0)
    marks = scoring.marks([said(row, "a", "<ANSWER>: no"), said(row, "b", "<ANSWER>: perhaps")], {})
    assert marks.labels == {"a": {row.id: ("no", "no")}, "b": {row.id: ("no", "")}}
