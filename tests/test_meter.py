import pytest

from raftune.costs import Price, Usage
from raftune.errors import ConfigError, OverBudget
from raftune.meter import Meter


def test_a_meter_without_limit_is_never_exhausted() -> None:
    meter = Meter()
    meter.add(Usage(1, 10**9, 10**9), Price(10.0, 10.0))
    assert not meter.exhausted
    assert Meter(limit=0.0).exhausted


def test_a_limit_is_held_and_needs_a_price() -> None:
    meter = Meter(limit=1.0)
    meter.check("m", Price(input=1.0, output=1.0))
    with pytest.raises(ConfigError, match="price of m is not known"):
        meter.check("m", None)
    meter.dollars = 1.0
    with pytest.raises(OverBudget):
        meter.check("m", Price(input=1.0, output=1.0))
    Meter().check("m", None)
