from raftune.closed_book import closed_book, closed_book_rows
from raftune.prompts.raft import default_prompt
from tests.tiny_model import make_examples


def test_a_row_without_documents_is_question_and_answer() -> None:
    example = make_examples(1, 1)[0]
    row = closed_book(example.changed(oracle=None, final="The documents do not hold the answer."))
    assert (row.documents, row.quotes, row.reasoning, row.oracle) == ((), (), "", None)
    assert (row.text, row.final, row.behaviour) == (example.text, example.reference, "memorise")
    assert (row.answer, row.group, row.split) == (example.answer, example.group, example.split)


def test_there_is_one_for_each_answer() -> None:
    examples = make_examples(2, 2)
    drawn = [*examples, *(example.changed(draw=1) for example in examples)]
    rows = list(closed_book_rows(drawn))
    assert [row.answer for row in rows] == [example.answer for example in examples]
    assert len({row.document_set for row in rows}) == len({row.answer for row in rows})


def test_the_prompt_shows_the_question_only() -> None:
    row = closed_book(make_examples(1, 1)[0])
    (_, told), (_, asked) = default_prompt().of_example(row)
    assert asked == f"Question: {row.text}"
    assert "document" not in told.lower()
    assert default_prompt().target(row) == f"<ANSWER>: {row.reference}"
