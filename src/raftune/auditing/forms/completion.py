"""Prompt and completion, as texts (raft.py's "completion") or as messages."""

from raftune.auditing.forms import Parts, Row, asked, from_turns, words_of


class Completion:
    """The prompt holds documents and question, the completion is what is learned."""

    name = "completion"

    def accepts(self, row: Row) -> bool:
        """Whether there is a prompt with its completion."""
        return "prompt" in row and "completion" in row

    def read(self, row: Row) -> Parts:
        """Both sides. Raises ValueError if one is missing."""
        prompt, completion = row["prompt"], row["completion"]
        if isinstance(prompt, list) and isinstance(completion, list):
            return from_turns([*prompt, *completion], "role", "content", "user", "assistant")
        documents, question = asked(words_of(prompt))
        return Parts(question, documents, words_of(completion))
