"""Requests become tokens, dollars and minutes; the ledger takes its part off."""

from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.costs import Price, Usage
from raftune.estimating.estimate import Estimate, Pace, Terms, estimated
from raftune.estimating.replies import Habit
from raftune.ledger import Ledger
from raftune.remembering.actions import Action

REQUESTS = [
    ChatRequest(model="m", messages=(ChatMessage(role="user", content="x" * 94 + f"{number:4}"),), max_tokens=100)
    for number in range(4)
]  # 98 letters, with the form of a message 104 tokens


def test_what_was_counted_on_a_share_is_scaled() -> None:
    terms = Terms(len, Price(10.0, 20.0), Habit(filled=0.5, scale=1.5), Pace(requests=60, tokens=6000))
    found = estimated(REQUESTS, 0.1, terms, None)
    assert found.usage == Usage(40, 4 * 1560, 2000)
    assert found.share == 0.1
    assert found.dollars == pytest.approx(6240 * 10e-6 + 2000 * 20e-6)
    assert found.minutes == pytest.approx((6240 + 4000) / 6000)


def test_an_unknown_price_stays_unknown_and_unknown_quotas_take_unknown_time() -> None:
    found = estimated(REQUESTS, 1.0, Terms(len, None, Habit()), None)
    assert (found.dollars, found.minutes) == (None, None)
    assert (found + Estimate(dollars=1.0)).dollars is None
    assert (Estimate(dollars=1.0, minutes=2.0) + Estimate(dollars=2.0)).minutes == 2.0


def test_what_the_ledger_holds_costs_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember(*(Action(request.key, "chat", {}, {}) for request in REQUESTS[:3]))
    assert estimated(REQUESTS, 1.0, Terms(len, None, Habit()), ledger).usage.requests == 1
    ledger.close()
