"""Who decides about which answer: a share is for all reviewers, so that they can be compared; the rest is dealt out."""

from collections.abc import Sequence

STEPS = 1 << 20


def share_of(answer: str) -> float:
    """A number in [0, 1) that belongs to an answer's id: its first digits are as good as random."""
    return int(answer[:5], 16) / STEPS


def turn_of(answer: str, reviewers: int) -> int:
    """Which of so many reviewers an answer falls to, from 0."""
    return int(answer[5:12], 16) % max(1, reviewers)


def is_common(answer: str, overlap: float) -> bool:
    """Whether all reviewers decide about an answer; `overlap` is the share of such answers."""
    return share_of(answer) < overlap


def is_for(answer: str, who: str, reviewers: Sequence[str], overlap: float) -> bool:
    """Whether an answer falls to a reviewer. Where fewer than two are named, and to one who is not, all do."""
    if len(reviewers) < 2 or who not in reviewers or is_common(answer, overlap):
        return True
    return reviewers[turn_of(answer, len(reviewers))] == who
