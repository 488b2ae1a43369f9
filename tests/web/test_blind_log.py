"""The log of blind grades."""

from pathlib import Path

from raftune.web.blind_log import Grading, append_grading, digest_of_replies, gradings, in_order


def grading(example: str, choice: str) -> Grading:
    return Grading(example, "base", "tuned", choice, "ada", "2026-11-22", "d")  # type: ignore[arg-type]


def test_what_is_added_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gradings.jsonl"
    assert gradings(path) == []
    append_grading(path, grading("e1", "second"))
    with path.open("a") as file:
        file.write('{"example": "torn')
    assert [one.example for one in gradings(path)] == ["e1"]
    append_grading(path, grading("e2", "both"))
    assert [(one.example, one.winner) for one in gradings(path)] == [("e1", "tuned"), ("e2", "")]


def test_the_order_is_even_and_fixed() -> None:
    turned = sum(in_order(f"e{number}", ("base", "tuned"))[0] == "tuned" for number in range(1000))
    assert 430 < turned < 570
    assert in_order("e1", ("base", "tuned")) == in_order("e1", ("base", "tuned"))


def test_replies_are_told_apart() -> None:
    assert digest_of_replies(["ab", "c"]) != digest_of_replies(["a", "bc"])
