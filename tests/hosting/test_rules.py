"""The provider's rules, each broken once."""

import json
from pathlib import Path
from typing import Any

import pytest

from raftune.errors import ConfigError
from raftune.hosting import rules as hosting_rules
from raftune.hosting.rules import find_problems, token_limit

GOOD: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "Answer."},
        {"role": "user", "content": "요금은?"},
        {"role": "assistant", "content": "7 coins"},
    ]
}
SYSTEM, USER, REPLY = GOOD["messages"]


def found(folder: Path, row: Any, provider: Any = "openai", **rules: Any) -> list[tuple[int, str]]:
    line = row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()
    good = json.dumps(GOOD, ensure_ascii=False).encode()
    (folder / "train.jsonl").write_bytes(b"\n".join([*[good] * 9, line, b""]))
    return [(problem.line, problem.what) for problem in find_problems(folder / "train.jsonl", provider, **rules)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"{", "not JSON"),
        (b'{"messages": "\xff"}', "not UTF-8"),
        (b"", "not JSON"),
        ([], "no list of messages"),
        ({"messages": []}, "no list of messages"),
        ({**GOOD, "id": 1}, "field 'id'"),
        ({"messages": ["hello", USER, REPLY]}, "message 1 is no object"),
        ({"messages": [USER, {**REPLY, "value": "x"}]}, "message 2 has a field 'value'"),
        ({"messages": [USER, {"role": "gpt", "content": "x"}, REPLY]}, "has the role 'gpt'"),
        ({"messages": [{"role": "user", "content": " "}, REPLY]}, "message 1 has no text"),
        ({"messages": [SYSTEM, REPLY]}, "nobody asks"),
        ({"messages": [SYSTEM, USER]}, "last message is not the assistant's"),
        ({"messages": [USER, SYSTEM, REPLY]}, "does not stand first"),
    ],
)
def test_each_fault_of_a_row_is_found_on_its_line(tmp_path: Path, row: Any, words: str) -> None:
    [(line, what)] = found(tmp_path, row)
    assert line == 10
    assert words in what


def test_a_good_file_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []
    assert found(tmp_path, GOOD, "azure") == [(0, "it lacks the byte-order mark")]
    marked = tmp_path / "train.jsonl"
    marked.write_bytes(b"\xef\xbb\xbf" + marked.read_bytes())
    assert list(find_problems(marked, "azure")) == []
    assert [problem.what for problem in find_problems(marked, "openai")] == ["it begins with a byte-order mark"]


def test_few_rows_and_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(json.dumps(GOOD) + "\n")
    assert [problem.what for problem in find_problems(file, "openai")] == ["it has 1 rows, and 10 is the least"]
    assert list(find_problems(file, "openai", training=False)) == []
    rules = {"rows": 1, "bytes": 10, "mark": False}
    monkeypatch.setattr(hosting_rules, "rules_of", lambda _: rules)
    assert ["may be uploaded" in problem.what for problem in find_problems(file, "openai")] == [True]


def test_a_row_longer_than_the_model_reads(tmp_path: Path) -> None:
    long = {"messages": [USER, {"role": "assistant", "content": "x" * 65_536}]}
    [(line, what)] = found(tmp_path, long, model="gpt-4.1-mini-2025-04-14", count=len)
    assert (line, what) == (10, "it has about 65,551 tokens, and 65,536 are read")


def test_the_longest_fitting_name_holds() -> None:
    assert token_limit("gpt-4.1-nano-2025-04-14") == 32_768
    assert token_limit("gpt-4.1-2025-04-14") == 65_536
    with pytest.raises(ConfigError, match="not known"):
        token_limit("gpt-9")
