"""Quote from a distractor: a real quote, but from a document that does not hold the answer. Lower is better."""

from raftune.comparison import contains_verbatim
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class QuoteFromDistractor:
    """1 if a quote stands word for word in a document shown, and not in the one that holds the answer."""

    name = "quote_from_distractor"
    higher_is_better = False

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies wherever documents are shown; a reply without quotes is 0, which quoting metrics count against it."""
        if not example.documents:
            return Outcome(None, "not_applicable")
        return Outcome(float(any(from_distractor(quote, example) for quote in reply.quotes)))


def from_distractor(quote: str, example: Example) -> bool:
    """Whether a quote stands in documents of the example, and its oracle is none of them."""
    places = [place for place, document in enumerate(example.documents) if contains_verbatim(quote, document.text)]
    return bool(places) and example.oracle not in places


plug = QuoteFromDistractor()
