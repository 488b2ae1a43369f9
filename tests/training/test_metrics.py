from raftune.training.metrics import line_of, write_metrics
from raftune.training.shared_prefix import Tally


def test_columns_of_the_result_file(tmp_path):
    lines = [line_of(1, Tally(10.0, 2, 3), None), line_of(2, Tally(1.0, 1, 3), Tally(2.0, 1, 4))]
    write_metrics(tmp_path / "metrics.csv", lines)
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy",
        "1,3.333333,0.666667,,",
        "2,0.333333,0.333333,0.5,0.25",
    ]
