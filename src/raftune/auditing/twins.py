"""Which rows ask nearly the same as an earlier one."""

from dataclasses import replace

from raftune.audited import RowTrace
from raftune.duplicates import NearDuplicates, words_of


class Twins:
    """Remembers every question that was asked, by split, and in which line."""

    def __init__(self) -> None:
        self._indexes: dict[str, NearDuplicates] = {}
        self._places: dict[str, list[str]] = {}

    def marked(self, trace: RowTrace) -> RowTrace:
        """The trace with its twin, if there is one; a twin in another split goes before one in its own."""
        if trace.draw:
            return trace
        words = words_of(trace.question)
        own = self._find(trace.split, words)
        others = ((split, self._find(split, words)) for split in self._indexes if split != trace.split)
        split, twin = next((pair for pair in others if pair[1]), (trace.split, own))
        if not own:
            self._indexes.setdefault(trace.split, NearDuplicates()).add(words)
            self._places.setdefault(trace.split, []).append(f"{trace.file}:{trace.line}")
        return replace(trace, twin=twin, twin_split=split) if twin else trace

    def _find(self, split: str, words: frozenset[str]) -> str:
        index = self._indexes.get(split)
        number = None if index is None else index.find(words)
        return "" if number is None else self._places[split][number]
