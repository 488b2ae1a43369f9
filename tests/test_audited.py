"""What checks are shown."""

import pickle

from raftune.audited import Finding, RowTrace


def test_a_trace_and_a_finding_pass_between_processes() -> None:
    kept = [RowTrace("rows.jsonl", 3, "train", documents=(1, 2)), Finding("rows.jsonl", 3, "no answer")]
    assert pickle.loads(pickle.dumps(kept)) == kept
