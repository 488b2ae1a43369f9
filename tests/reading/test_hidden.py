from raftune.reading.hidden import hidden_note, visible_length


def test_the_note() -> None:
    assert hidden_note(0) == ()
    assert hidden_note(1) == ("1 character of hidden text left out",)
    assert hidden_note(12) == ("12 characters of hidden text left out",)


def test_white_space_counts_once() -> None:
    assert visible_length(" a \n  b ") == 3
