"""Both models reply, faults are told, and opinions are decisions."""

import time
from pathlib import Path

import pytest

from raftune.answering import GroundedReply, PlacedQuote
from raftune.api import open_project
from raftune.errors import ConfigError
from raftune.reviewing.folding import fold
from raftune.web.asking import Asker, Reply, Turn, opinion


def waited(turn: Turn) -> None:
    for _ in range(1200):
        if turn.done:
            return
        time.sleep(0.05)
    raise AssertionError("no reply")


def test_both_models_reply(project: Path) -> None:
    asker = Asker(lambda: open_project(project))
    turn = asker.ask("  What is the fee for berth 3? ")
    waited(turn)
    assert turn.question == "What is the fee for berth 3?"
    for reply in turn.replies.values():
        assert reply.grounded is not None, reply.fault
        assert "berth 3" in reply.shown[0].text
    assert set(asker.opened) == {"tuned", "base"}
    asker.close()


def test_before_a_run_the_fault_is_told(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    asker = Asker(lambda: open_project(tmp_path))
    turn = asker.ask("Why?")
    waited(turn)
    assert "has not been run yet" in turn.replies["tuned"].fault
    asker.close()


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_a_question_has_a_length(question: str) -> None:
    asker = Asker(lambda: pytest.fail("asked"))
    with pytest.raises(ConfigError):
        asker.ask(question)
    asker.close()


def test_old_questions_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    asker = Asker(lambda: open_project(tmp_path))
    turns = [asker.ask(f"Why {number}?") for number in range(205)]
    assert turns[0].name not in asker.turns
    assert turns[-1].name in asker.turns
    asker.close()


def test_an_opinion_names_the_passage_of_its_quotes() -> None:
    quotes = (PlacedQuote("invented"), PlacedQuote("73 ports", "a.md", (1,), "c" * 20, 3, 11))
    turn = Turn("t", "How many?")
    turn.replies["tuned"] = Reply(grounded=GroundedReply("73", "73", quotes))
    made = opinion(turn, "tuned", "up", "fine", "ada", "2026-11-22")
    assert (made.verdict, made.text, made.final, made.quotes, made.chunk) == (
        "up",
        "How many?",
        "73",
        ("73 ports",),
        "c" * 20,
    )
    assert fold([made]) == {}
    with pytest.raises(ConfigError, match="no whole reply"):
        opinion(turn, "base", "down", "", "ada", "")


def test_an_error_that_nobody_expected_ends_both_replies_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nobody thought of this")

    asker = Asker(lambda: open_project(tmp_path))
    monkeypatch.setattr(Asker, "model", broken)
    turn = asker.ask("How high is the fee?")
    asker.close()
    assert turn.done
    assert {reply.fault for reply in turn.replies.values()} == {"The model failed (KeyError)."}
    assert "could not be answered" in caplog.text
