"""Quote invented: something is quoted that stands in no shown document. Lower is better."""

from raftune.comparison import contains_verbatim
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class QuoteInvented:
    """1 if a quote stands word for word in none of the documents shown."""

    name = "quote_invented"
    higher_is_better = False

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies wherever documents are shown; a reply without quotes is 0, which quoting metrics count against it."""
        if not example.documents:
            return Outcome(None, "not_applicable")
        return Outcome(
            float(
                any(
                    not any(contains_verbatim(quote, document.text) for document in example.documents)
                    for quote in reply.quotes
                )
            )
        )


plug = QuoteInvented()
