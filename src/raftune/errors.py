"""Every error raftune raises on purpose, sorted by who can mend it.

    RaftuneError
    ├── ConfigError        2   edit raftune.toml or the command line
    │   └── MissingExtra   2   install an optional part
    ├── DocumentError      3   mend or remove a document
    ├── ProviderError      4   key, endpoint, quota
    │   ├── Unavailable    4   nobody for now: the same call may work later
    │   │   └── RateLimited 4  the endpoint asks to slow down
    │   │       └── QueueFull 4 its queue of batches has no room
    │   └── BadReply       4   one reply that cannot be used
    ├── OverBudget         5   raise the limit
    ├── WaitingForReview   6   a reviewer (a polite stop, not a failure)
    ├── TrainingError      7   read the training log
    ├── StoreError         8   disk, permissions, version, lock
    ├── AuditFailed        9   mend the training set
    └── BoundsMissed       10  look at what got worse

An error carries what is wrong in one sentence and one sentence of advice. To add one, derive from the
group whose people can mend it: the exit code comes along.
"""

from typing import ClassVar


class RaftuneError(Exception):
    """What is wrong (`message`) and what to do about it (`advice`), one sentence each."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}"


class ConfigError(RaftuneError):
    """The project's settings or the command line are wrong."""

    exit_code = 2


class MissingExtra(ConfigError):
    """An optional part of raftune is not installed."""


class DocumentError(RaftuneError):
    """A document, or the whole collection, cannot be used. `reason` is the word its rejects are counted by."""

    exit_code = 3

    def __init__(self, message: str, advice: str, reason: str = "unreadable") -> None:
        super().__init__(message, advice)
        self.reason = reason


class ProviderError(RaftuneError):
    """A model endpoint does not answer or refuses."""

    exit_code = 4


class Unavailable(ProviderError):
    """An endpoint cannot answer now; `retry_after` are the seconds it asked to wait, or None if it did not say.

    `reason` is the word by which a row is counted that is given up for it.
    """

    def __init__(
        self, message: str, advice: str, retry_after: float | None = None, reason: str = "unavailable"
    ) -> None:
        super().__init__(message, advice)
        self.retry_after = retry_after
        self.reason = reason


class RateLimited(Unavailable):
    """An endpoint answers no more for now, since it was asked too much in too short a time."""


class QueueFull(RateLimited):
    """An endpoint takes no more batches for now; `tokens` is how many it queues at most, where it said so."""

    def __init__(self, message: str, advice: str, tokens: int | None = None) -> None:
        super().__init__(message, advice, reason="queue full")
        self.tokens = tokens


class BadReply(ProviderError):
    """One reply of a model cannot be used; the row is rejected, the run goes on."""

    def __init__(self, message: str, advice: str, reason: str = "bad reply") -> None:
        super().__init__(message, advice)
        self.reason = reason


class OverBudget(RaftuneError):
    """The next call would cost more than the run may spend."""

    exit_code = 5


class WaitingForReview(RaftuneError):
    """People have to decide before the run can go on."""

    exit_code = 6


class TrainingError(RaftuneError):
    """Training cannot start or did not end well."""

    exit_code = 7


class StoreError(RaftuneError):
    """The project's folder cannot be read or written."""

    exit_code = 8


class AuditFailed(RaftuneError):
    """A training set has faults."""

    exit_code = 9


class BoundsMissed(RaftuneError):
    """A model is not as good as it has to be."""

    exit_code = 10
