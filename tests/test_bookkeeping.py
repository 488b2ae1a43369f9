"""What was asked and paid for: looked at, forgotten, handed on."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from raftune import api, bookkeeping
from raftune.errors import ConfigError, StoreError
from raftune.ledger import Action, Ledger, Wanted
from raftune.remembering.spending import Spending
from raftune.runner import only_writer


def reply(text: str = "Yes.", finish: str = "stop") -> dict[str, Any]:
    return {"text": text, "finish_reason": finish, "prompt_tokens": 10, "completion_tokens": 2}


@pytest.fixture
def project(tmp_path: Path) -> api.Project:
    (tmp_path / "raftune.toml").write_text("")
    (tmp_path / ".raftune").mkdir()
    ledger = Ledger(tmp_path / ".raftune" / "ledger.sqlite")
    ledger.remember(
        Action(
            "aa1", "chat", {}, reply(), model="gpt", stage="ask", prompt_tokens=10, completion_tokens=2, dollars=0.5
        ),
        Action("aa2", "chat", {}, reply(finish="length"), model="gpt", stage="ask", dollars=0.25),
        Action("b", "chat", {}, reply(" \n"), model="mini", stage="answer"),
        Action("c", "chat", {}, reply(finish="content_filter"), model="mini", stage="answer"),
        Action("d", "embedding", {}, {"vector": ""}, model="small", stage="assemble"),
    )
    ledger.close()
    return api.open_project(tmp_path)


def choose(project: api.Project, *, only_unusable: bool = False, **wanted: str) -> bookkeeping.Chosen:
    with bookkeeping.opened(project) as ledger:
        return bookkeeping.choose(ledger, Wanted(**wanted), only_unusable=only_unusable)


def test_a_project_without_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with pytest.raises(ConfigError, match="Nothing was asked"), bookkeeping.opened(api.open_project(tmp_path)):
        pass
    assert not (tmp_path / ".raftune").exists()


def test_an_action_is_found_by_the_beginning_of_its_key(project: api.Project) -> None:
    with bookkeeping.opened(project) as ledger:
        assert bookkeeping.find_action(ledger, "aa1").dollars == 0.5
        with pytest.raises(ConfigError, match="2 actions begin with 'a'"):
            bookkeeping.find_action(ledger, "a")
        with pytest.raises(ConfigError, match="No action begins with 'x'"):
            bookkeeping.find_action(ledger, "x")


def test_replies_of_no_use_are_chosen(project: api.Project) -> None:
    assert choose(project, only_unusable=True).keys == ("aa2", "b", "c")
    assert choose(project, only_unusable=True, model="mini").keys == ("b", "c")
    assert choose(project, only_unusable=True).sums == {"chat": Spending(3, 0, 0, 0.25, 2)}


def test_actions_are_chosen_by_what_they_are(project: api.Project) -> None:
    chosen = choose(project, model="gpt")
    assert chosen.keys == ("aa1", "aa2")
    assert chosen.total == Spending(2, 10, 2, 0.75, 0)
    assert choose(project, kind="embedding").keys == ("d",)
    assert len(choose(project, before="2999").keys) == 5
    assert choose(project, stage="nothing") == bookkeeping.Chosen((), {})
    with pytest.raises(ConfigError, match="The whole ledger"):
        choose(project)


def test_a_ledger_in_use_is_not_changed(project: api.Project) -> None:
    busy = pytest.raises(StoreError, match=f"process {os.getpid()}")
    with only_writer(project.state / "lock"), busy, bookkeeping.held(project):
        pass
    with bookkeeping.held(project) as ledger:
        assert ledger.forget(["b"]) == 1


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("", ""),
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T09:00:00.5+09:00", "2026-11-23T00:00:00+00:00"),
    ],
)
def test_dates_are_universal(text: str, noted: str) -> None:
    assert bookkeeping.moment(text) == noted


def test_what_is_no_date() -> None:
    with pytest.raises(ConfigError, match="'yesterday' is no date"):
        bookkeeping.moment("yesterday")


def test_replies_are_written_as_a_ledger_takes_them(project: api.Project, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    with bookkeeping.opened(project) as ledger:
        assert bookkeeping.write_lines(bookkeeping.reply_lines(ledger), path) == 4
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["aa1", "aa2", "b", "c"]
    other = Ledger(tmp_path / "other.sqlite")
    assert other.import_file(path, "chat") == 4
    other.close()
    with pytest.raises(StoreError, match="cannot be written"):
        bookkeeping.write_lines(iter([]), tmp_path / "none" / "replies.jsonl")
    assert sorted(found.name for found in tmp_path.glob("*.part")) == []
