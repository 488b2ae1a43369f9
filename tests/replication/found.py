def mean(value: float | None, n: int = 20) -> dict:
    ends = (None, None) if value is None else (max(0.0, value - 0.2), min(1.0, value + 0.2))
    return {"value": value, "low": ends[0], "high": ends[1], "n": n, "failed": 0}


def make_found(**changes) -> dict:
    """What a replication would say."""
    row = {"exact_match_lenient": mean(0.5), "format": mean(1.0)}
    systems = dict.fromkeys(("one answer for all", "base:closed", "base", "dsf:closed", "dsf", "tuned"), row)
    difference = {"metric": "exact_match_lenient", "systems": ["base", "dsf"], "value": -0.1, "low": -0.3, "high": 0.1}
    return {
        "benchmark": "hotpotqa",
        "title": "HotpotQA",
        "metrics": ["exact_match_lenient", "format"],
        "student": "smollm2-135m-instruct",
        "sizes": {"training": 10, "testing": 20, "characters": 100},
        "systems": systems,
        "differences": [{**difference, "n": 20, "p": 0.2, "p_holm": 0.4, "mcnemar": None}],
        "order": {"exact_match_lenient": "no", "format": "shown"},
        "slices": {
            "full-wiki, both": {"systems": {"tuned": {"format": mean(None, 1)}}, "differences": [], "order": {}}
        },
        "ablations": {},
        "paper": {"exact_match_lenient": {"base": 0.03, "tuned": 35.28}},
        "seconds": {"train": 100.0, "predict": 21.4},
        "machine": "a machine",
        "date": "2026-11-24",
        **changes,
    }
