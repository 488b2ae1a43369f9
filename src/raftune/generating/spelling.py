"""Tokens to characters as they come: whole characters only, and nothing of a text that has to end before it."""

from collections.abc import Callable, Sequence

BROKEN = "\ufffd"


class Spelling:
    """What was made of one text so far. `decode` turns token ids into text; `stop` are texts that end it."""

    def __init__(self, decode: Callable[[Sequence[int]], str], stop: Sequence[str]) -> None:
        self.decode, self.stop = decode, tuple(stop)
        self.stopped = False
        self._tokens: list[int] = []
        self._from = self._read = 0
        self._held = ""

    def add(self, token: int) -> str:
        """The characters that a further token makes sure of."""
        self._tokens.append(token)
        known = self.decode(self._tokens[self._from : self._read])
        text = self.decode(self._tokens[self._from :])
        if text.endswith(BROKEN) or len(text) <= len(known):
            return ""
        # Decoding from some tokens back tells how a token is spelt behind another one.
        self._from, self._read = self._read, len(self._tokens)
        return self._told(text[len(known) :])

    def end(self) -> str:
        """What is still held, broken characters as they are."""
        if self.stopped:
            return ""
        known = self.decode(self._tokens[self._from : self._read])
        told = self._told(self.decode(self._tokens[self._from :])[len(known) :])
        held, self._held = self._held, ""  # nothing is held where a stop was found
        return told + held

    def _told(self, more: str) -> str:
        """What of the held text and `more` cannot be the beginning of a stop."""
        text = self._held + more
        places = [(text.index(one) + len(one), text.index(one)) for one in self.stop if one in text]
        if places:
            self.stopped, self._held = True, ""
            return text[: min(places)[1]]  # the stop that was whole first, however many characters came at once
        kept = max((beginning(text, one) for one in self.stop), default=0)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]


def beginning(text: str, stop: str) -> int:
    """How many characters at the end of `text` may be the beginning of `stop`."""
    longest = min(len(text), len(stop) - 1)
    return next((length for length in range(longest, 0, -1) if stop.startswith(text[-length:])), 0)
