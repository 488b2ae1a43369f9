"""What goes into a key, what a row's own fault is, and random numbers that do not depend on each other."""

import asyncio
from pathlib import Path
from typing import Annotated

import pytest

from raftune.errors import BadReply, ProviderError
from raftune.records import Question
from raftune.stage import StageConfig, Transport
from tests.support import make_tools


class Config(StageConfig):
    """A test config."""

    rows: int = 3
    """Decides rows."""
    at_once: Annotated[int, Transport()] = 4
    """Decides speed."""


QUESTIONS = [Question(chunk="c", item=number, text=f"Question {number}?", language="en") for number in range(6)]


def test_what_only_changes_speed_is_no_part_of_the_identity() -> None:
    assert Config(at_once=99).identity() == Config().identity() == {"rows": 3}


def worked(folder: Path, at_once: int, error: Exception) -> tuple[list[int], dict[str, int]]:
    tools = make_tools(folder)

    async def work(row: Question) -> int:
        await asyncio.sleep(0.01 * (6 - row.item))
        if row.item == 2:
            raise error
        return row.item

    async def collect() -> list[int]:
        return [result async for _, result in tools.each(QUESTIONS, work, at_once)]

    return asyncio.run(collect()), dict(tools.draft.rejected)


@pytest.mark.parametrize("at_once", [1, 4, 99])
def test_rows_come_in_order_and_a_bad_one_is_rejected(tmp_path: Path, at_once: int) -> None:
    assert worked(tmp_path, at_once, BadReply("no", "way")) == ([0, 1, 3, 4, 5], {"bad reply": 1})


@pytest.mark.parametrize("at_once", [1, 4])
def test_an_endpoint_that_is_gone_stops_the_stage(tmp_path: Path, at_once: int) -> None:
    with pytest.raises(ProviderError):
        worked(tmp_path, at_once, ProviderError("gone", "wait"))


def test_random_numbers_follow_from_seed_and_names(tmp_path: Path) -> None:
    tools = make_tools(tmp_path)
    assert tools.random("a").random() == tools.random("a").random()
    assert tools.random("a").random() != tools.random("b").random()
    assert tools.random("a").random() != make_tools(tmp_path, seed=1).random("a").random()


def test_a_reject_never_holds_personal_data(tmp_path: Path) -> None:
    tools = make_tools(tmp_path)
    tools.reject("row", "invented", "Call 010-1234-5678 or kim@bank.co.kr.")
    assert "Call ███-████-████ or ███@████.██.██." in (tools.draft.folder / "rejects.jsonl").read_text(encoding="utf-8")
