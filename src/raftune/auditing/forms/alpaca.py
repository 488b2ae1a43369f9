"""Alpaca's form: instruction, input, output."""

from raftune.auditing.forms import Parts, Row, asked, words_of


class Alpaca:
    """Documents and question stand in the instruction, or in the input below it."""

    name = "alpaca"

    def accepts(self, row: Row) -> bool:
        """Whether there is an instruction with its output."""
        return "instruction" in row and "output" in row

    def read(self, row: Row) -> Parts:
        """Both sides. Raises ValueError if one is missing."""
        given = [words_of(row["instruction"]), words_of(row.get("input") or "")]
        if "<DOCUMENT>" in given[1]:
            given.reverse()  # documents first, so that the question is what follows them
        documents, question = asked("\n".join(filter(None, given)))
        return Parts(question, documents, words_of(row["output"]))
