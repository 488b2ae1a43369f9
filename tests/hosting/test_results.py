from raftune.hosting.results import lines_of
from tests.hosting.double import CSV

COLUMNS = ("step", "train_loss", "valid_mean_token_accuracy", "full_valid_loss")


def test_columns_are_found_by_either_name():
    assert lines_of(CSV, COLUMNS) == [[1, 2.0, None, None], [2, 1.0, 0.6, 1.25]]


def test_what_is_no_number_or_no_step_is_left_out():
    assert lines_of("step,train_loss\n,1\nx,2\n3,nothing\n", COLUMNS) == [[3, None, None, None]]
    assert lines_of("", COLUMNS) == []
