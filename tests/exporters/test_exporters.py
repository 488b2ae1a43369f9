"""Every format keeps every word: documents, question, quotes and answer, and what it says can be read back."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.prompts.raft import default_prompt, final_answer, quotes_in, remove_marks, without_marks
from raftune.records import Example
from raftune.registry import load
from tests.exporting.made_set import FORMATS, examples, texts_of

PROMPT = default_prompt()


def read_back(form: str, rows: list[Example]) -> list[dict[str, Any]]:
    exporter, file = load("exporters", form), io.BytesIO()
    with exporter.writing(file) as add:
        for row in rows:
            add(exporter.row(row, PROMPT))
    if form == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return list(parquet.read_table(io.BytesIO(file.getvalue())).to_pylist())
    return [json.loads(line) for line in file.getvalue().decode().split("\n")[:-1]]


@settings(deadline=None)
@given(st.sampled_from(FORMATS), examples(most=4))
def test_a_row_holds_its_documents_question_and_answer(form: str, rows: list[Example]) -> None:
    found = read_back(form, rows)
    assert len(found) == len(rows)
    for example, row in zip(rows, found, strict=True):
        system, user, learned = texts_of(form, row)
        assert system == PROMPT.instructions[example.language]
        for document in example.documents:
            assert f"<DOCUMENT>\n{remove_marks(document.text)}\n</DOCUMENT>" in user
        assert user.count("<DOCUMENT>\n") == len(example.documents)
        assert user.endswith(example.text)
        assert quotes_in(learned) == tuple(quote.text for quote in example.quotes)
        assert final_answer(learned) == without_marks(example.final)


@settings(deadline=None)
@given(examples(most=3))
def test_tables_hold_all_that_is_known(rows: list[Example]) -> None:
    for form in ("huggingface", "parquet"):
        for example, row in zip(rows, read_back(form, rows), strict=True):
            assert row["id"] == example.id
            assert row["documents"] == [document.text for document in example.documents]
            assert row["oracle"] == example.oracle
            assert row["quotes"] == [quote.text for quote in example.quotes]
            assert list(row) == list(load("exporters", "huggingface").columns)
