"""OpenAI's and Azure's chat form: {"messages": [...]}, with or without a system message."""

from raftune.auditing.forms import Parts, Row, from_turns


class Chat:
    """The user's turn holds documents and question, the assistant's is what is learned."""

    name = "chat"

    def accepts(self, row: Row) -> bool:
        """Whether there are messages."""
        return "messages" in row

    def read(self, row: Row) -> Parts:
        """The last turns. Raises ValueError or KeyError if one is missing."""
        return from_turns(row["messages"], "role", "content", "user", "assistant")
