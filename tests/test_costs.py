import pytest

from raftune.costs import Price, Usage, cost, price_list, price_of


def test_a_price_is_per_million_tokens() -> None:
    assert cost(Usage(1, 1_000_000, 500_000), Price(2.0, 8.0)) == pytest.approx(6.0)


def test_what_is_not_known_has_no_cost() -> None:
    assert cost(Usage(1, 10, 10), None) is None
    assert price_of("a-model-nobody-listed") is None
    assert price_of("gpt-4o-mini-2024-07-18") is None


def test_every_listed_price_is_dated_and_above_zero() -> None:
    for model in price_list():
        price = price_of(model)
        assert price is not None
        assert 0 < price.input <= price.output
        assert price.date
        assert price.source


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3) + Usage(10, 20, 30) == Usage(11, 22, 33)
