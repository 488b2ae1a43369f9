"""Quote from oracle: the reply quotes, and all its quotes stand in the document that holds the answer."""

from raftune.comparison import is_grounded
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class QuoteFromOracle:
    """1 if there is a quote of at least 3 words or 10 characters and all quotes stand in the oracle."""

    name = "quote_from_oracle"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the oracle is not shown."""
        if example.oracle is None:
            return Outcome(None, "not_applicable")
        return Outcome(float(is_grounded(reply.quotes, [example.documents[example.oracle].text])))


plug = QuoteFromOracle()
