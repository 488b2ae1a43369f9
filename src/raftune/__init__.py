"""raftune turns your own documents into a small language model that answers from them and quotes them."""

from importlib.metadata import version

__version__ = version("raftune")
