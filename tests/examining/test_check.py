import pytest

from raftune.errors import ConfigError, StoreError
from raftune.examining.check import Check, exit_code, of_error


def failing(code: int) -> Check:
    return Check("teacher", "reply", "fail", "", "", code)


@pytest.mark.parametrize(("codes", "code"), [((), 0), ((4,), 4), ((8, 4), 4), ((4, 2, 8), 2), ((8,), 8), ((7,), 7)])
def test_the_code_is_that_of_what_has_to_be_mended_first(codes: tuple[int, ...], code: int) -> None:
    assert exit_code(failing(one) for one in codes) == code


def test_warnings_and_skipped_checks_leave_the_code_alone() -> None:
    assert exit_code([Check("machine", "disk", "warn", ""), Check("machine", "scans", "skipped", "")]) == 0


def test_an_error_becomes_a_failed_check_of_its_group() -> None:
    check = of_error("project", "settings", ConfigError("It is wrong.", "Mend it."))
    assert (check.state, check.words, check.advice, check.code) == ("fail", "It is wrong.", "Mend it.", 2)
    assert exit_code([of_error("project", "ledger", StoreError("", ""))]) == 8
