"""Answers speak of their documents, not in set phrases."""

from collections import Counter
from collections.abc import Iterator

from raftune.audited import AuditOptions, Finding, RowTrace, Severity

ROWS, SHARE = 10, 0.02
REMEMBERED = 400_000


class RepeatedPhrase:
    """Counts runs of words of final answers that stand neither in the documents nor in the question."""

    name = "repeated_phrase"
    severity: Severity = "warning"
    about = "many answers share a phrase that is in no document"

    def __init__(self) -> None:
        self.checked = 0
        self._counts: Counter[str] = Counter()
        self._first: dict[str, tuple[str, int]] = {}

    def add(self, trace: RowTrace) -> None:
        """Counts the phrases of a row; when there are too many to remember, the rare ones are forgotten."""
        if trace.draw:
            return
        self.checked += 1
        for phrase in trace.phrases:
            self._counts[phrase] += 1
            self._first.setdefault(phrase, (trace.file, trace.line))
        if len(self._counts) > REMEMBERED:
            self._forget()

    def findings(self) -> Iterator[Finding]:
        """The phrases that many answers share, the most frequent first, those that overlap told once."""
        least, told = max(ROWS, SHARE * self.checked), set[str]()
        for phrase, count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0])):
            words = set(phrase.split())
            if count >= least and len(words & told) < len(words) - 1:
                told |= words
                yield Finding(*self._first[phrase], f"{count} answers: {phrase}")

    def _forget(self) -> None:
        for phrase in [phrase for phrase, count in self._counts.items() if count == 1]:
            del self._counts[phrase], self._first[phrase]


def plug(_options: AuditOptions) -> RepeatedPhrase:
    """A check that has seen nothing yet."""
    return RepeatedPhrase()
