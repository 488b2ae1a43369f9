"""From fields to rows and traces."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.audited import AuditRow, RowTrace
from raftune.auditing.rows import row_of, trace_of

FIELDS = st.sampled_from([
    "messages", "role", "content", "conversations", "from", "value", "prompt", "completion", "instruction", "output",
    "question", "documents", "oracle", "quotes", "final", "context", "sentences", "oracle_context", "cot_answer",
])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=12,
)


def chat(target: str, *documents: str) -> Any:
    asked = "".join(f"<DOCUMENT>{text}</DOCUMENT>\n" for text in documents) + "What is it?"
    return row_of(
        {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": target}]}, "f", 1, "train"
    )


@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_no_row_is_too_broken(fields: dict[str, Any]) -> None:
    row = row_of(fields, "f", 1, "train")
    assert isinstance(row, AuditRow) or row.problem


@pytest.mark.parametrize("fields", [None, 3, "text", [], {}, {"messages": 1}, {"prompt": "", "completion": ""}])
def test_what_is_no_row_says_why(fields: object) -> None:
    row = row_of(fields, "f", 1, "train")
    assert isinstance(row, RowTrace)
    assert row.problem


def test_the_one_document_that_holds_all_quotes_is_the_oracle() -> None:
    row = chat("##begin_quote##a fee##end_quote## <ANSWER>: 4", "There is none.", "There is a fee of 4.")
    assert (row.shown, row.place, row.oracle) == (None, 1, "There is a fee of 4.")
    assert chat("##begin_quote##There is##end_quote##", "There is none.", "There is a fee.").place is None


def test_phrases_are_the_answer_s_own_words() -> None:
    trace = trace_of(chat("<ANSWER>: It is 4. Is that not convenient?", "The fee: it is 4."))
    assert "is that not convenient" in trace.phrases
    assert trace_of(chat("<ANSWER>: the fee it is", "The fee: it is 4.")).phrases == ()


def test_a_layout_does_not_tell_documents_apart() -> None:
    assert (
        trace_of(chat("<ANSWER>: 4", "A fee\nof 4.")).documents == trace_of(chat("<ANSWER>: 4", "a FEE of 4")).documents
    )
