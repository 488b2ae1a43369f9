"""Quote verbatim: the reply quotes, and nothing it quotes is made up."""

from raftune.comparison import is_grounded
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class QuoteVerbatim:
    """1 if there is a quote of at least 3 words or 10 characters and all quotes stand in some shown document."""

    name = "quote_verbatim"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the oracle is not shown."""
        if example.oracle is None:
            return Outcome(None, "not_applicable")
        return Outcome(float(is_grounded(reply.quotes, [document.text for document in example.documents])))


plug = QuoteVerbatim()
