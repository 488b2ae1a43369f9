"""What a run cost, in words."""

from raftune.cli.run import spending
from raftune.costs import Price, Usage
from raftune.meter import Meter


def test_spending_says_what_is_not_known() -> None:
    meter = Meter()
    meter.add(Usage(2, 1_000_000, 0), Price(input=1.5, output=2.0))
    assert spending(meter) == "2 new requests to models, $1.50."
    meter.add(Usage(3, 10, 10), None)
    assert spending(meter) == "5 new requests to models, $1.50, and 3 whose price is not known."
