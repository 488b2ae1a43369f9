"""Text that comes in pieces, in lines of 80 columns."""

from collections.abc import Callable
from dataclasses import dataclass

from raftune.cli.layout import COLUMNS, cut, harmless, width


@dataclass
class Flow:
    """Writes words as soon as they are whole; a line feed stays one, other white space becomes one space."""

    write: Callable[[str], object]
    column: int = 0
    word: str = ""

    def feed(self, piece: str) -> None:
        """Takes the next piece; its last word waits for its end."""
        for letter in harmless(piece):
            if not letter.isspace():
                self.word += letter
                continue
            self.put()
            if letter == "\n" and self.column:
                self.write("\n")
                self.column = 0

    def put(self) -> None:
        """Writes the word that is held; one longer than a line is cut."""
        if not self.word:
            return
        size = width(self.word)
        if self.column and self.column + 1 + size > COLUMNS:
            self.write("\n")
            self.column = 0
        elif self.column:
            self.write(" ")
            self.column += 1
        while width(self.word) > COLUMNS:
            head = cut(self.word, COLUMNS)
            self.write(f"{head}\n")
            self.word = self.word[len(head) :]
        self.write(self.word)
        self.column += width(self.word)
        self.word = ""

    def end(self) -> None:
        """Writes what is held, and ends the line."""
        self.put()
        if self.column:
            self.write("\n")
        self.column = 0
