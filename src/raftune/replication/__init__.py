"""RAFT's comparison on public data sets: the paper's systems, trained and asked here, beside the paper's numbers."""
