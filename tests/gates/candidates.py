"""A candidate in short form."""

from typing import Any

from raftune.contracts import Candidate


def candidate(
    question: str = "How many ports did the Agency inspect in 2021?",
    final: str = "73 ports",
    quote: str = "During 2021, the Agency inspected 73 ports, of which nine were found to be unsafe.",
    reasoning: str = "",
    language: Any = "en",
) -> Candidate:
    """A good candidate, but for what a test changes."""
    return Candidate(question, final, reasoning, (quote,), quote, language)
