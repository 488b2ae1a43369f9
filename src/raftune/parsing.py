"""A reply taken apart by the format's marks, as metrics read it."""

from raftune.contracts import ParsedReply
from raftune.prompts.raft import final_answer, quotes_in, reasoning_of


def parsed(reply: str) -> ParsedReply:
    """Reasoning, quotes, final answer (None without a mark) and the whole text."""
    return ParsedReply(reasoning_of(reply), quotes_in(reply), final_answer(reply), reply)
