"""What a run shows."""

import pytest

from raftune.artifact import Artifact
from raftune.cli import watch
from raftune.records import Question

ARTIFACT = Artifact("ask", "d", 12, Question, rejected=(("duplicate", 2), ("language", 1)))


@pytest.mark.parametrize(("seconds", "text"), [(0.44, "0.4 s"), (12.3, "12 s"), (200, "3 min 20 s"), (60, "1 min 0 s")])
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert watch.duration(seconds) == text


def test_a_stage_ends_with_its_counts() -> None:
    assert watch.ending(ARTIFACT, 3.21) == "12 rows, 3 rejected, 3.2 s"
    assert watch.ending(ARTIFACT, None) == "12 rows, 3 rejected, stored"


def test_progress_says_rate_and_time_left() -> None:
    assert watch.progress_words(10, 40, "loss 1.2", 2.0) == "10/40  2.0/s  15 s left  loss 1.2"
    assert watch.progress_words(0, 40, "", None) == "0/40"
    assert watch.bar(10, 40, 8) == "██░░░░░░"


def test_progress_names_its_unit() -> None:
    assert watch.progress_words(10, 40, "pages  1 of 2 files", 2.0) == "10/40  2.0 pages/s  15 s left  1 of 2 files"
    assert watch.progress_words(1, 40, "pages  1 of 2 files", None) == "1/40 pages  1 of 2 files"
    assert watch.progress_words(9, 8, "pages  1 of 2 files", 1.0) == "9/8  1.0 pages/s  0.0 s left  1 of 2 files"


def test_the_pace_is_that_of_the_last_half_minute() -> None:
    pace = watch.Pace(0.0)
    assert pace.per_second(5, 0.5) is None
    assert pace.per_second(100, 2.0) == 50.0
    for second in range(3, 100):
        pace.per_second(100 + second, float(second))
    assert pace.per_second(200, 100.0) == pytest.approx(1.0, abs=0.1)
    assert watch.Pace(0.0).per_second(0, 9.0) is None


def test_lines_for_a_log(monkeypatch) -> None:
    written: list[str] = []
    lines = watch.Lines(written.append)
    show = lines.started("ask")
    show(1, 2, "soon")
    monkeypatch.setattr(watch, "LINE_SECONDS", 0.0)
    show(1, 2, "later")
    lines.finished("ask", ARTIFACT, 1.0)
    assert written[0] == "ask       running\n"
    assert "later" in written[1]
    assert written[2] == "ask       12 rows, 3 rejected, 1.0 s\n"


def test_bars_are_one_live_line_and_one_line_a_stage(capsys) -> None:
    bars = watch.Bars()
    bars.started("ask")(1, 2, "")
    bars.finished("ask", ARTIFACT, 1.0)
    bars.finished("chunk", ARTIFACT, None)
    output = capsys.readouterr().out
    assert "✓ ask       12 rows" in output
    assert "= chunk     12 rows" in output
