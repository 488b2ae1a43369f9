"""Options that several commands share."""

from raftune.cli.options import with_sample


def test_sample_is_a_change_of_a_setting() -> None:
    assert with_sample(["a=1"], 5) == ["a=1", "chunk.sample=5"]
    assert with_sample(["a=1"], None) == ["a=1"]
