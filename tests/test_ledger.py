import asyncio
import json
import multiprocessing
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.errors import StoreError
from raftune.ledger import DAMAGED, Action, Ledger
from raftune.remembering.spending import Spending

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def filled(folder: Path) -> Ledger:
    ledger = Ledger(folder / "ledger.sqlite")
    ledger.remember(Action("k1", "chat", {"text": "항만"}, {"reply": "73곳"}))
    ledger.remember(Action("k2", "upload", {"file": 1}, {"id": "f"}))
    return ledger


def test_what_was_remembered_is_recalled_after_opening_again(tmp_path: Path) -> None:
    filled(tmp_path).close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.recall("k1") == {"reply": "73곳"}
    assert ledger.recall("k9") is None
    assert ledger.count("chat", "run") == 1
    ledger.close()


def test_an_action_asked_afresh_takes_the_place_of_the_old(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    ledger.remember(Action("k1", "chat", {"text": "항만"}, {"reply": "74곳"}))
    assert ledger.recall("k1") == {"reply": "74곳"}
    assert ledger.count("chat", "run") == 1
    ledger.close()


def test_an_action_comes_back_as_it_was_given(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    given = Action("k", "chat", {"q": 1}, {"a": [2]}, "run", "answer", "gpt", 10, 20, 0.5)
    ledger.remember(given)
    [found] = ledger.actions()
    assert found.time.endswith("+00:00")
    assert found == Action(**{**vars(given), "time": found.time})
    ledger.close()


@settings(max_examples=30, deadline=None)
@given(results=st.dictionaries(st.text(min_size=1), VALUES, max_size=5))
def test_any_json_is_recalled_as_it_was(results: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("any") / "ledger.sqlite")
    asyncio.run(ledger.commit(*(Action(key, "chat", {}, result) for key, result in results.items())))
    assert {key: ledger.recall(key) for key in results} == results
    assert {action.key: action.result for action in ledger.actions()} == results
    ledger.close()


def test_half_a_surrogate_pair_and_absurd_counts_harm_nobody(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember(Action("k", "chat", {}, {"text": "cut \ud83d"}, prompt_tokens=10**30))
    assert ledger.recall("k") == {"text": "cut \ud83d"}
    ledger.close()


def test_export_and_import(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    path = tmp_path / "replies.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ledger.export("chat")), encoding="utf-8")
    other = Ledger(tmp_path / "other.sqlite")
    assert other.import_file(path, "chat") == 1
    assert other.import_file(path, "chat") == 0
    assert list(other.export("chat")) == list(ledger.export("chat"))
    assert other.count("chat", "import") == 1
    ledger.close()
    other.close()


@pytest.mark.parametrize("line", ["{", '{"key": "x"}', "[]", '"text"', '{"key": 1, "request": {}, "result": {}}'])
def test_a_damaged_file_is_taken_not_at_all(tmp_path: Path, line: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"key": "a", "request": {}, "result": {}}\n' + line + "\n", encoding="utf-8")
    ledger = filled(tmp_path)
    with pytest.raises(StoreError, match="not a file of recorded replies"):
        ledger.import_file(path, "chat")
    assert ledger.recall("a") is None
    ledger.remember(Action("b", "chat", {}, {}))
    ledger.close()
    again = Ledger(tmp_path / "ledger.sqlite")
    assert again.recall("b") == {}
    again.close()


def test_who_holds_the_file_is_named(tmp_path: Path) -> None:
    filled(tmp_path).close()
    ledger = Ledger(tmp_path / "ledger.sqlite", wait=0.01)
    (tmp_path / "lock").write_text(str(os.getppid()))
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=f"cannot be written: process {os.getppid()} holds it"):
        ledger.remember(Action("k3", "chat", {}, {}))
    with pytest.raises(StoreError, match="cannot be written"):
        asyncio.run(ledger.commit(Action("k3", "chat", {}, {})))
    with pytest.raises(StoreError, match="cannot be read"):
        ledger.recall("k1")
    with pytest.raises(StoreError, match=f"process {os.getppid()} holds it"):
        Ledger(tmp_path / "ledger.sqlite", wait=0.01)
    other.close()
    ledger.close()


def test_a_second_process_that_writes_is_waited_for(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    async def go() -> None:
        waiting = asyncio.ensure_future(ledger.commit(Action("k3", "chat", {}, {})))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.execute("COMMIT")
        await waiting

    asyncio.run(go())
    assert ledger.recall("k3") == {}
    other.close()
    ledger.close()


def remember_and_die(path: Path) -> None:
    ledger = Ledger(path)
    asyncio.run(ledger.commit(Action("k", "chat", {}, {"paid": True})))
    os.kill(os.getpid(), 9)


def test_what_was_committed_survives_a_kill(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=remember_and_die, args=(tmp_path / "l.sqlite",))
    child.start()
    child.join()
    assert child.exitcode == -9
    ledger = Ledger(tmp_path / "l.sqlite")
    assert ledger.recall("k") == {"paid": True}
    ledger.close()


def test_several_actions_are_remembered_all_or_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember(*(Action(f"k{number}", "embedding", {}, [number]) for number in range(1200)))
    assert ledger.count("embedding", "run") == 1200
    assert ledger.recall("k1199") == [1199]
    with pytest.raises(ValueError, match="Out of range"):
        ledger.remember(Action("c", "embedding", {}, [3]), Action("d", "embedding", {}, [float("nan")]))
    assert ledger.recall("c") is None
    ledger.close()


def test_many_callers_see_what_they_committed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")

    async def one(number: int) -> bool:
        key = f"k{number}"
        before = await ledger.recalled(key)
        await ledger.commit(Action(key, "chat", {}, number))
        return before is None and await ledger.recalled(key) == ledger.recall(key) == number

    async def go() -> list[bool]:
        return await asyncio.gather(*(one(number) for number in range(300)))

    assert all(asyncio.run(go()))
    assert ledger.count("chat", "run") == 300
    ledger.close()


def test_closing_writes_what_nobody_waited_for(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")

    async def go() -> None:
        leaving = [asyncio.ensure_future(ledger.commit(Action(f"k{number}", "chat", {}, {}))) for number in range(9)]
        await asyncio.sleep(0)
        for task in leaving:
            task.cancel()

    asyncio.run(go())
    ledger.close()
    again = Ledger(tmp_path / "ledger.sqlite")
    assert again.count("chat", "run") == 9
    again.close()


@pytest.mark.parametrize(
    "harm", ['result = \'{"reply": "74"}\'', "result = CAST(x'7bff' AS TEXT)", "sha = NULL, result = '{'"]
)
def test_a_damaged_result_is_set_aside_and_asked_again(tmp_path: Path, harm: str) -> None:
    filled(tmp_path).close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as other:
        other.execute(f"UPDATE action SET {harm} WHERE key = 'k1'")
    other.close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert [action.key for action in ledger.actions()] == ["k2"]
    assert list(ledger.export("chat")) == []
    assert ledger.recall("k1") is None
    assert ledger.count(DAMAGED, "run") == 1
    ledger.remember(Action("k1", "chat", {}, "new"))
    assert ledger.recall("k1") == "new"
    assert ledger.count(DAMAGED, "run") == 1
    ledger.close()


def test_actions_are_chosen_and_forgotten(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    for number in range(250):
        ledger.remember(Action(f"a{number:03}", "chat", {}, number, stage="ask", model="m" if number % 2 else "n"))
    assert [action.result for action in ledger.actions(stage="ask")] == list(range(250))
    assert [action.result for action in ledger.actions(stage="ask", newest=2)] == [248, 249]
    assert len(list(ledger.actions(newest=1000))) == 252
    assert [action.key for action in ledger.actions(start="a24", model="n")] == [
        f"a24{number}" for number in (0, 2, 4, 6, 8)
    ]
    assert list(ledger.actions(before="2001-01-01")) == []
    assert len(list(ledger.actions(kind="chat", before="2999-01-01"))) == 251
    assert ledger.forget(["a000", "a001", "nobody"]) == 2
    assert ledger.recall("a000") is None
    assert ledger.count("chat", "run") == 249
    ledger.close()


def test_spending_is_summed_by_stage(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.remember(
        Action("a", "chat", {}, {}, stage="ask", prompt_tokens=10, completion_tokens=1, dollars=0.25),
        Action("b", "chat", {}, {}, stage="ask", prompt_tokens=20, completion_tokens=2),
        Action("c", "chat", {}, {}, stage="verify", prompt_tokens=5, dollars=0.0),
        Action("d", "chat", {}, {}, stage="ask", prompt_tokens=99, origin="import"),
    )
    assert ledger.spent() == {"ask": Spending(2, 30, 3, 0.25, 1), "verify": Spending(1, 5, 0, 0.0, 0)}
    assert ledger.sums("stage")["ask"] == Spending(3, 129, 3, 0.25, 1)
    ledger.close()
