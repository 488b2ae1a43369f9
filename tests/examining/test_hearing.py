import time
from email.utils import formatdate

import pytest

from raftune.examining.check import Check
from raftune.examining.hearing import Heard


def checks(headers: dict[str, str]) -> dict[str, Check]:
    heard = Heard()
    heard.hear(headers)
    return {check.name: check for check in heard.checks("teacher")}


def test_nothing_told_is_nothing_wrong() -> None:
    assert {check.state for check in checks({}).values()} == {"skipped"}


def test_quotas_are_told_by_their_period() -> None:
    headers = {"x-ratelimit-limit-requests": "500", "x-ratelimit-limit-tokens": "100000"}
    assert checks(headers)["quota"].words == "500 requests a minute, 100,000 tokens a minute"


@pytest.mark.parametrize(
    ("shift", "state", "word"), [(5, "ok", "within"), (300, "warn", "behind"), (-300, "warn", "ahead")]
)
def test_clocks_that_differ_by_more_than_a_minute_are_reported(shift: int, state: str, word: str) -> None:
    check = checks({"date": formatdate(time.time() + shift, usegmt=True)})["clock"]
    assert check.state == state
    assert word in check.words


def test_a_date_that_is_none_is_passed_over() -> None:
    assert checks({"date": "yesterday"})["clock"].state == "skipped"
