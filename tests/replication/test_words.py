from raftune.replication.words import lines_of
from tests.replication.found import make_found, mean


def test_the_table_fits_a_terminal_and_says_all():
    lines = [line for text in lines_of(make_found()) for line in text.split("\n")]
    assert max(map(len, lines)) <= 80
    assert "HotpotQA, smollm2-135m-instruct: 10 questions learned, 20 asked" in lines
    (raft,) = [line for line in lines if line.startswith("  RAFT") and "35.3" in line]
    assert raft.split() == ["RAFT", "50.0", "30.0", "to", "70.0", "20", "35.3"]
    assert "  exact match         no" in lines
    assert "  format              yes, both steps beyond chance" in lines
    assert "  exact match       DSF + RAG - base + RAG: -10.0 (-30.0 to +10.0) p 0.400" in lines
    assert "  RAFT                     -                   -     1" in [line.rstrip() for line in lines]
    assert lines[-1] == "121 seconds of work on a machine, 2026-11-24"


def test_ablations_have_a_table():
    found = make_found(ablations={"systems": {"no reasoning": {"format": mean(0.25)}}, "differences": [], "order": {}})
    text = "\n".join(lines_of(found))
    assert "\nablations\n" in text
    assert "no reasoning          25.0" in text
