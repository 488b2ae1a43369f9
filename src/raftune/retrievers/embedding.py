"""Nearest by meaning, as the project's embedder sees it: for embedders that know more than how words are written.

A collection has one embedder, so one of several languages is searched by the embedder of the language of most texts.
"""

from raftune.searching.by_vectors import VectorSearch

plug = VectorSearch
