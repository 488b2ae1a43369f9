"""Quote from oracle, lenient: text between ordinary quotation marks counts where the quote marks are missing."""

from raftune.comparison import is_grounded, quoted_spans
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class QuoteLenient:
    """As quote from oracle, for models that quote but do not use the format's marks."""

    name = "quote_lenient"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the oracle is not shown."""
        if example.oracle is None:
            return Outcome(None, "not_applicable")
        quotes = reply.quotes or quoted_spans(reply.text)
        return Outcome(float(is_grounded(quotes, [example.documents[example.oracle].text])))


plug = QuoteLenient()
