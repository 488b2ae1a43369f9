"""raftune turns your own documents into a small language model that answers from them and quotes them."""

__version__ = "0.1.0"
