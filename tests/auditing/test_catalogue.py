"""Checks by name."""

import pytest

from raftune.audited import AuditOptions
from raftune.auditing.catalogue import chosen, names, opened
from raftune.errors import ConfigError


def test_every_check_is_named_as_its_file_and_says_what_it_is_about() -> None:
    rows, sets = opened(names(), AuditOptions())
    assert sorted(check.name for check in [*rows, *sets]) == list(names())
    assert all(check.about and check.severity in ("error", "warning", "note") for check in [*rows, *sets])


def test_checks_can_be_chosen_and_left_out() -> None:
    assert chosen(("refusal",), ()) == ("refusal",)
    assert "refusal" not in chosen((), ("refusal",))
    with pytest.raises(ConfigError, match="'refusals'"):
        chosen(("refusals",), ())
