"""Citation precision: what the reply quotes is what the answer rests on."""

from raftune.comparison import find_verbatim, overlap
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class CitationPrecision:
    """The share of quotes that overlap a quote of the reference; 0 without quotes."""

    name = "citation_precision"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies where the oracle is shown and the reference quotes it."""
        text = "" if example.oracle is None else example.documents[example.oracle].text
        wanted = [span for quote in example.quotes if (span := find_verbatim(quote.text, text)) is not None]
        if not wanted:
            return Outcome(None, "not_applicable")
        spans = [find_verbatim(quote, text) for quote in reply.quotes]
        given = [span for span in spans if span is not None]
        right = sum(any(overlap(span, gold) for gold in wanted) for span in given)
        return Outcome(right / len(spans) if spans else 0.0)


plug = CitationPrecision()
