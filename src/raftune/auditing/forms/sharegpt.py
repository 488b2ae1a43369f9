"""ShareGPT's form: {"conversations": [{"from": "human", "value": ...}, ...]}."""

from raftune.auditing.forms import Parts, Row, from_turns


class ShareGpt:
    """The human's turn holds documents and question, the other one is what is learned."""

    name = "sharegpt"

    def accepts(self, row: Row) -> bool:
        """Whether there are conversations."""
        return "conversations" in row

    def read(self, row: Row) -> Parts:
        """The last turns. Raises ValueError or KeyError if one is missing."""
        return from_turns(row["conversations"], "from", "value", "human", "gpt")
