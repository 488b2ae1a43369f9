import json

import pytest

from raftune.bounds import Bound, bound_of, held_against, read_report, words
from raftune.errors import ConfigError

REPORT = {
    "tuned": "tuned",
    "metrics": [
        {"metric": "token_f1", "system": "base", "value": 0.2, "low": 0.1, "high": 0.3, "higher_is_better": True},
        {"metric": "token_f1", "system": "tuned", "value": 0.5, "low": 0.4, "high": 0.6, "higher_is_better": True},
        {"metric": "over_refusal", "system": "tuned", "value": 0.1, "low": 0.0, "high": 0.2, "higher_is_better": False},
        {"metric": "chrf", "system": "tuned", "value": 0.5, "low": None, "high": None, "higher_is_better": True},
    ],
    "differences": [
        {"metric": "token_f1", "value": 0.3, "low": 0.1, "high": 0.5, "higher_is_better": True},
        {"metric": "over_refusal", "value": -0.1, "low": -0.2, "high": -0.01, "higher_is_better": False},
        {"metric": "exact_match", "value": 0.1, "low": 0.0, "high": 0.2, "higher_is_better": True},
        {"metric": "chrf", "value": 0.1, "low": None, "high": None, "higher_is_better": True},
    ],
}


@pytest.mark.parametrize(
    ("bound", "sure", "kept"),
    [
        (Bound("token_f1", "least", 0.5), False, True),
        (Bound("token_f1", "least", 0.51), False, False),
        (Bound("token_f1", "least", 0.5), True, False),
        (Bound("token_f1", "least", 0.4), True, True),
        (Bound("over_refusal", "most", 0.1), False, True),
        (Bound("over_refusal", "most", 0.1), True, False),
        (Bound("over_refusal", "most", 0.05), False, False),
        (Bound("chrf", "least", 0.1), True, False),
        (Bound("nothing", "least", 0.0), False, False),
        (Bound("token_f1", "better"), False, True),
        (Bound("over_refusal", "better"), False, True),
        (Bound("exact_match", "better"), False, False),
        (Bound("chrf", "better"), False, False),
        (Bound("nothing", "better"), False, False),
    ],
)
def test_what_keeps_a_bound(bound, sure, kept):
    (found,) = held_against(REPORT, [bound], sure=sure)
    assert found.kept is kept
    assert words(found).startswith("kept" if kept else "MISSED")
    assert len(words(found)) <= 80


def test_bounds_are_shares_of_a_metric():
    assert bound_of("token_f1 = 0.4", "least") == Bound("token_f1", "least", 0.4)
    for text in ("token_f1", "=0.4", "token_f1=4", "token_f1=x", "token_f1=nan"):
        with pytest.raises(ConfigError, match="no bound"):
            bound_of(text, "least")


def test_only_reports_are_read(tmp_path):
    path = tmp_path / "report.json"
    with pytest.raises(ConfigError, match="no report in"):
        read_report(path)
    path.write_text("[1]")
    with pytest.raises(ConfigError, match="no report of"):
        read_report(path)
    path.write_text(json.dumps(REPORT))
    assert read_report(path) == REPORT
