from pathlib import Path

import pytest

from raftune.costs import (
    Price,
    Usage,
    cost,
    hosting_dollars,
    price_list,
    price_of,
    training_dollars,
)
from raftune.errors import ConfigError


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
        assert 0 < price.input <= (price.output or price.input)
        assert price.output or model.startswith("text-embedding-")
        assert price.batch in (None, 0.5)
        assert price.date
        assert price.source


def test_a_tuned_model_costs_what_those_tuned_from_the_same_one_do(tmp_path: Path) -> None:
    tuned = price_of("ft:gpt-4o-mini-2024-07-18:bank::abc")
    assert tuned is not None
    assert (tuned.input, tuned.output) == (0.3, 1.2)
    assert price_of("ft:a-model-nobody-listed:bank::abc") is None
    (tmp_path / "prices.toml").write_text('["ft:gpt-4o-mini-2024-07-18:bank::abc"]\ninput = 1\noutput = 2\n')
    assert price_of("ft:gpt-4o-mini-2024-07-18:bank::abc", tmp_path) == Price(1, 2)


def test_an_embedder_is_priced_by_what_it_reads() -> None:
    assert cost(Usage(8, 1_000_000, 0), price_of("text-embedding-3-small")) == pytest.approx(0.02)


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3) + Usage(10, 20, 30) == Usage(11, 22, 33)


def test_the_classic_example_is_reproduced() -> None:
    # The sample of Azure-Samples estimates tuning gpt-4o-mini so: tokens x 0.0033 dollars a thousand x epochs.
    tokens, epochs = 425_000, 3
    assert training_dollars(price_of("gpt-4o-mini"), tokens, epochs) == pytest.approx(tokens / 1000 * 0.0033 * epochs)
    assert training_dollars(price_of("gpt-4o-mini"), tokens, epochs) == pytest.approx(4.2075)


def test_training_has_a_minimum_and_hosting_runs_by_the_hour() -> None:
    price = Price(1.0, 2.0, training=3.0, training_minimum=5.0, hosting=1.7)
    assert training_dollars(price, 1000, 3) == 5.0
    assert hosting_dollars(price, 24) == pytest.approx(40.8)
    assert training_dollars(Price(1.0, 2.0), 1000, 3) is None
    assert hosting_dollars(None, 24) is None


def test_batches_cost_their_share_where_it_is_known() -> None:
    assert Price(1.0, 2.0, batch=0.5).batched() == Price(0.5, 1.0, batch=0.5)
    assert Price(1.0, 2.0).batched() is None


def test_a_projects_own_prices_come_first(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text('[gpt-4o]\ninput = 1\noutput = 2\n["our own"]\ninput = 3\noutput = 4\n')
    assert price_of("gpt-4o", tmp_path) == Price(1, 2)
    assert price_of("our own", tmp_path) == Price(3, 4)
    assert price_of("gpt-4o-mini", tmp_path) == price_of("gpt-4o-mini")


@pytest.mark.parametrize("text", ["[m]\ninput = 1\n", "[m]\ninput = 1\noutput = 2\nouput = 3\n", "m = 1\n", "[m\n"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"prices\.toml"):
        price_of("m", tmp_path)
