import json

import pytest

from raftune.tuning.checking import conversations, fault_of

ROW = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}


def fault(tmp_path, rows, param="training_file", context=100):
    path = tmp_path / "file"
    path.write_bytes(b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows))
    return fault_of(path, param, lambda one: sum(len(turn.text) for turn in one.turns), context)


def test_good_files_have_no_fault(tmp_path):
    assert fault(tmp_path, [ROW] * 10) is None
    assert fault(tmp_path, [ROW], "validation_file") is None
    assert fault(tmp_path, [b"\xef\xbb\xbf" + json.dumps(ROW).encode(), *[ROW] * 9, b""]) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"{", "line 3: it is not JSON"),
        ({"messages": []}, "no list of messages"),
        ({"messages": [{"role": "user", "content": "?"}]}, "not the assistant's"),
        ({"messages": [*ROW["messages"][:1], {"role": "assistant", "content": " "}]}, "no text"),
        ({**ROW, "tools": [{"type": "function"}]}, "calls tools"),
        ({"messages": [*ROW["messages"][:1], {"role": "assistant", "content": "a", "weight": "x"}]}, "a weight is 'x'"),
    ],
    ids=["json", "empty", "question", "blank", "tools", "weight"],
)
def test_faults_are_named_by_line(tmp_path, row, words):
    found = fault(tmp_path, [ROW, ROW, row, *[ROW] * 9])
    assert found.code == "invalid_training_file"
    assert words in found.message


def test_long_rows_and_few_rows(tmp_path):
    long = {"messages": [{"role": "user", "content": "x" * 200}, {"role": "assistant", "content": "So."}]}
    found = fault(tmp_path, [*[ROW] * 9, long])
    assert "line 10" in found.message
    assert "100 tokens" in found.message
    assert fault(tmp_path, [ROW] * 9).code == "invalid_n_examples"


def test_rows_become_conversations(tmp_path):
    path = tmp_path / "file"
    row = {"messages": [{"role": "system", "content": "s"}, *ROW["messages"][:1]]}
    row["messages"].append({"role": "assistant", "content": "a", "weight": 0})
    path.write_text("\ufeff" + json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    (made,) = conversations(path)
    assert [(turn.role, turn.weight) for turn in made.turns] == [("system", 1), ("user", 1), ("assistant", 0)]
    assert made.source == "line 1"
