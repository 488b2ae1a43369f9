"""Curves are drawn from what a run wrote, also while it writes."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from raftune.training.metrics import COLUMNS, note_figures
from raftune.web.curves import HEIGHT, MOST_POINTS, WIDTH, chart, figures_of_file, thinned


def test_figures_of_a_run_that_goes_on(tmp_path: Path) -> None:
    note_figures(tmp_path, 1, {"train_loss": 3.0, "tokens_per_second": 100.0})
    note_figures(tmp_path, 2, {"train_loss": 2.5, "valid_loss": 2.7})
    note_figures(tmp_path, 2, {"train_loss": 2.4, "valid_loss": 2.6})  # after a crash
    path = tmp_path / "figures.jsonl"
    with path.open("a") as file:
        file.write('{"step": 3, "train_lo')
    found = figures_of_file(path)
    assert list(found) == [1, 2]
    assert found[2] == {"train_loss": 2.4, "valid_loss": 2.6}


def test_figures_of_a_run_that_ended(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text(",".join(COLUMNS) + "\n1,3.5,0.25,,,,\n2,3.1,0.5,3.2,0.4,3.2,0.4\n")
    assert figures_of_file(path) == {
        1: {"train_loss": 3.5, "train_accuracy": 0.25},
        2: {"train_loss": 3.1, "train_accuracy": 0.5, "valid_loss": 3.2, "valid_accuracy": 0.4},
    }
    assert figures_of_file(tmp_path / "none.csv") == {}


def test_a_chart_spans_what_was_measured() -> None:
    drawn = chart([{1: {"a": 4.0}, 3: {"a": 2.0}}, {2: {"a": 3.0}}], ("a", "b"))
    assert drawn is not None
    assert (drawn.first, drawn.last) == (1, 3)
    assert [line.points for line in drawn.lines] == [f"0.0,0.0 {WIDTH},{HEIGHT}", f"{WIDTH / 2},{HEIGHT / 2}"]
    assert [value for _, value in drawn.ticks] == [4.0, 3.0, 2.0]
    assert chart([{}], ("a",)) is None


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=3000))
def test_a_long_curve_keeps_its_ends(values: list[float]) -> None:
    curve = list(enumerate(values))
    kept = list(thinned(curve))
    assert kept[0] == curve[0]
    assert kept[-1] == curve[-1]
    assert len(kept) <= MOST_POINTS + 1
    assert kept == sorted(set(kept))
