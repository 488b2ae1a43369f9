import pytest

from raftune import errors
from raftune.errors import RaftuneError

GROUPS = {
    "ConfigError": 2, "MissingExtra": 2, "DocumentError": 3, "ProviderError": 4, "Unavailable": 4, "RateLimited": 4,
    "QueueFull": 4, "BadReply": 4,
    "OverBudget": 5, "WaitingForReview": 6, "TrainingError": 7, "StoreError": 8, "AuditFailed": 9, "BoundsMissed": 10,
}  # fmt: skip


def test_every_error_is_known_here() -> None:
    found = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RaftuneError)}
    assert found == {"RaftuneError", *GROUPS}


@pytest.mark.parametrize("name", GROUPS)
def test_an_error_says_what_is_wrong_and_what_to_do(name: str) -> None:
    error = getattr(errors, name)("It broke.", "Mend it.")
    assert error.exit_code == GROUPS[name]
    assert (error.message, error.advice, str(error)) == ("It broke.", "Mend it.", "It broke. Mend it.")


def test_the_page_s_own_table_names_every_exit_code() -> None:
    for name, code in GROUPS.items():
        assert any(name in line and str(code) in line for line in (errors.__doc__ or "").splitlines())
