"""Searching a collection by its terms and by its vectors: what retrievers are made of."""
