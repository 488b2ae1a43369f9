"""Format: the reply ends with an answer after the mark, and every quote that is opened is closed."""

import re

from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example

MARK = re.compile(r"#{1,3}\s*(begin|end)_quote\s*#{1,3}", re.IGNORECASE)


class Format:
    """1 if there is text after `<ANSWER>:` and the quote marks come in pairs, begin before end."""

    name = "format"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:  # noqa: ARG002 - the contract's signature
        """Applies to every reply; an empty one is 0."""
        marks = [mark.lower() for mark in MARK.findall(reply.text)]
        balanced = marks == ["begin", "end"] * (len(marks) // 2)
        return Outcome(float(bool(reply.final) and balanced))


plug = Format()
