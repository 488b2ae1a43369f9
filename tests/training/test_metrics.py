from raftune.training.metrics import COLUMNS, append_speed, figures_of, line_of, words, write_metrics
from raftune.training.tally import Tally


def test_columns_of_the_result_file(tmp_path):
    lines = [line_of(1, Tally(10.0, 2, 3), None), line_of(2, Tally(1.0, 1, 3), Tally(2.0, 1, 4))]
    write_metrics(tmp_path / "metrics.csv", lines)
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        ",".join(COLUMNS),
        "1,3.333333,0.666667,,,,",
        "2,0.333333,0.333333,0.5,0.25,0.5,0.25",
    ]


def test_what_is_said_after_a_step():
    tally = Tally(loss=246.0, right=168, labels=200, tokens=3000, read=1000)
    assert words(tally, 10.0) == "loss 1.23, 84% right, 300 tokens/s, x3.0"
    assert words(Tally(2.0, 1, 2, 10, 10), 1.0) == "loss 1.00, 50% right, 10 tokens/s"


def test_clock_times_have_a_file_of_their_own(tmp_path):
    for step in (1, 2):
        append_speed(tmp_path / "work" / "speed.csv", step, Tally(1.0, 1, 2, 30, 10), 0.5)
    lines = (tmp_path / "work" / "speed.csv").read_text().splitlines()
    assert lines == ["step,seconds,labelled_tokens,tokens,tokens_read", "1,0.500,2,30,10", "2,0.500,2,30,10"]


def test_figures_for_trackers_have_validation_only_where_there_was_one():
    tally = Tally(loss=6.0, right=2, labels=4, tokens=300, read=100)
    found = figures_of(tally, None, 1e-4, 0.5, 2.0)
    assert found == {
        "train_loss": 1.5,
        "train_accuracy": 0.5,
        "learning_rate": 1e-4,
        "gradient_norm": 0.5,
        "tokens_per_second": 150.0,
        "labelled_tokens_per_second": 2.0,
        "shared_prefix_gain": 3.0,
    }
    assert figures_of(tally, Tally(2.0, 1, 4), 1e-4, 0.5, 2.0) == found | {"valid_loss": 0.5, "valid_accuracy": 0.25}
