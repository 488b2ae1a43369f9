"""BM25 over stems of English words and pairs of Korean syllables, the default: `bench/retrieval.py` says why."""

from raftune.searching.by_terms import TermSearch

plug = TermSearch
