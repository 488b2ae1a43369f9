"""The log of decisions survives crashes, odd characters and hands."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.records import Decision
from raftune.reviewing.log import append_decisions, list_decisions

TEXTS = st.text(st.characters(codec="utf-8"))
DECISIONS = st.lists(
    st.builds(
        Decision,
        answer=TEXTS,
        verdict=st.sampled_from(["accept", "edit", "reject", "undo"]),
        reason=TEXTS,
        who=TEXTS,
        when=TEXTS,
        text=st.none() | TEXTS,
        final=st.none() | TEXTS,
        quotes=st.none() | st.lists(TEXTS).map(tuple),
    ),
    max_size=5,
)
GOOD = '{"answer": "a", "verdict": "accept", "who": "ada", "when": "2026-11-22"}'


@given(DECISIONS, DECISIONS)
def test_what_is_appended_is_listed(tmp_path_factory: pytest.TempPathFactory, first: list, second: list) -> None:
    path = tmp_path_factory.mktemp("log") / "decisions.jsonl"
    append_decisions(path, first)
    append_decisions(path, second)
    assert list(list_decisions(path)) == [*first, *second]


@given(DECISIONS.filter(bool), st.data())
def test_a_crash_in_the_middle_of_a_write_loses_whole_decisions_at_most(
    tmp_path_factory: pytest.TempPathFactory, rows: list, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("log") / "decisions.jsonl"
    append_decisions(path, rows)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    kept = list(list_decisions(path))
    assert kept == rows[: len(kept)]
    append_decisions(path, rows[len(kept) :])
    assert path.read_bytes() == whole


def test_a_line_cut_short_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(GOOD + '\n{"answer": "b", "verd', encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert len(list_decisions(path)) == 1
    assert "cut short" in caplog.text
    assert '"verd' in caplog.text


def test_any_other_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{GOOD}\n\n{GOOD}\nnot json\n")
    with pytest.raises(ConfigError, match=r"decisions\.jsonl line 4"):
        list_decisions(path)
    path.write_text(f'{GOOD}\n{GOOD[:-1]}, "colour": "red"}}\n{GOOD}\n')
    with pytest.raises(ConfigError, match=r"decisions\.jsonl line 2"):
        list_decisions(path)


def test_a_last_line_written_by_hand_needs_no_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(GOOD)
    assert len(list_decisions(path)) == 1
    append_decisions(path, list(list_decisions(path)))
    assert len(list_decisions(path)) == 2


def test_there_may_be_no_log(tmp_path: Path) -> None:
    assert len(list_decisions(tmp_path / "none.jsonl")) == 0


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        append_decisions(tmp_path, [])
