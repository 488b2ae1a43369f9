from raftune.replication.course import most_frequent


def test_the_most_frequent_is_the_first_of_several():
    assert most_frequent(["b", "a", "a", "b", "c"]) == "b"
    assert most_frequent(["b", "a", "a"]) == "a"
