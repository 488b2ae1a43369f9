"""The rows of raft.py."""

from typing import Any

from raftune.auditing.forms.gorilla import Gorilla

ROW: dict[str, Any] = {
    "id": "seed_task_3", "type": "general", "question": "Why?", "oracle_context": "B.",
    "context": {"title": [["t", "t"]], "sentences": [["A.", "B."]]}, "cot_answer": "<ANSWER>: C",
}  # fmt: skip


def test_the_oracle_is_found_among_the_documents() -> None:
    parts = Gorilla().read(ROW)
    assert (parts.shown, parts.place, parts.number) == (True, 1, "seed_task_3")
    assert Gorilla().read({**ROW, "oracle_context": "D."}).shown is False


def test_documents_may_stand_in_the_instruction_alone() -> None:
    row = {**ROW, "context": None, "instruction": "<DOCUMENT>B.</DOCUMENT>\nWhy?"}
    assert Gorilla().read(row).documents == ("B.",)


def test_the_form_for_evaluation_has_a_final_answer_only() -> None:
    row = {"question": "Why?", "context": "<DOCUMENT>B.</DOCUMENT>", "final_answer": "C"}
    assert Gorilla().read(row).target == "<ANSWER>: C"
