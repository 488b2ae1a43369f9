"""How long replies will be goes by earlier ones."""

from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.estimating.replies import ENOUGH, USUAL, Habit, habit_of
from raftune.ledger import Ledger
from raftune.remembering.actions import Action


def asked(number: int, room: int) -> ChatRequest:
    return ChatRequest(model="m", messages=(ChatMessage(role="user", content=f"{number:04}"),), max_tokens=room)


def ledger_of(folder: Path, replies: int) -> Ledger:
    ledger = Ledger(folder / "ledger.sqlite")
    for number in range(replies):
        request = asked(number, 100 + 100 * (number % 2))
        ledger.remember(
            Action(
                request.key, "chat", request.model_dump(mode="json"), {}, stage="ask", model="m",
                prompt_tokens=20, completion_tokens=request.max_tokens // 4,
            )
        )  # fmt: skip
    return ledger


def test_replies_fill_their_room_as_earlier_ones_did(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, ENOUGH)
    found = habit_of(ledger, "ask", "m", len)
    assert (found.filled, found.scale, found.known) == (0.25, 2.0, ENOUGH)  # 4 letters and 6 tokens of form are 10
    assert found.completion([asked(1, 300), asked(2, 500)]) == pytest.approx(200)
    assert found.words == f"by {ENOUGH} earlier replies"
    assert habit_of(ledger, "answer", "m", len) == Habit()
    assert habit_of(ledger, "ask", "another", len) == Habit()
    ledger.close()


def test_a_few_replies_say_little(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, ENOUGH - 1)
    assert habit_of(ledger, "ask", "m", len) == habit_of(None, "ask", "m", len) == Habit(USUAL)
    assert Habit().words == "by rule of thumb"
    ledger.close()
