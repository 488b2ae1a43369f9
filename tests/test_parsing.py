from raftune.parsing import parsed


def test_a_reply_is_taken_apart():
    found = parsed("##begin_quote##30 euros##end_quote## So it is.\n<ANSWER>: 30")
    assert (found.quotes, found.final) == (("30 euros",), "30")
    assert parsed("no marks").final is None
