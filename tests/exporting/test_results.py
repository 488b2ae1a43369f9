import json

from raftune.exporting.results import model_index, results_text
from raftune.exporting.running_it import Named, read_me
from raftune.verdict import points
from tests.made_up import make_example, make_prediction, make_report

RIGHT = "##begin_quote##The monthly fee is 30 euros##end_quote##\n<ANSWER>: 30 euros"


def report(folder):
    examples = [make_example(text=f"q{number}", group=f"g{number}") for number in range(4)]
    rows = [
        make_prediction(example, system, RIGHT if number < right else "no idea")
        for system, right in (("base", 1), ("tuned", 3))
        for number, example in enumerate(examples)
    ]
    return make_report(folder, rows, examples)


def test_the_card_holds_the_verdict_and_each_metric_with_its_interval(tmp_path):
    found = report(tmp_path)
    text = results_text(found)
    assert found.verdict in text
    difference = next(one for one in found.differences if one.metric == "exact_match")
    low, high = (points(value, signed=True) for value in (difference.low, difference.high))
    assert f"| exact_match | 25.0 | 75.0 | +50.0 ({low} to {high}) | 4 |" in text
    assert "| over_refusal ↓ |" in text
    assert "on 4 test questions in 4 groups" in text


def test_the_hub_finds_the_results_in_the_card_s_head(tmp_path):
    found = report(tmp_path)
    head = read_me("adapter", Named("bank", "org/base"), (), found).split("\n---\n")[0]
    (line,) = (line for line in head.splitlines() if line.startswith("model-index: "))
    assert json.loads(line.removeprefix("model-index: ")) == model_index(found, "bank")
    metrics = {one["type"]: one["value"] for one in model_index(found, "bank")[0]["results"][0]["metrics"]}
    assert metrics["exact_match"] == 0.75
