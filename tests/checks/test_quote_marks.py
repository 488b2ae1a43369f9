"""Quote marks come in pairs."""

import pytest

from tests.checks.audit_rows import applies, fault


@pytest.mark.parametrize(
    "target",
    [
        "##begin_quote##a berth",
        "a ##end_quote## b ##begin_quote##",
        "##begin_quote## a ##begin_quote## b ##end_quote## ##end_quote##",
        "##begin_quote## ##end_quote##",
    ],
)
def test_broken_marks_are_found(target: str) -> None:
    assert fault("quote_marks", target=target) is not None


def test_whole_marks_pass() -> None:
    assert fault("quote_marks") is None
    assert not applies("quote_marks", target="<ANSWER>: 40")
