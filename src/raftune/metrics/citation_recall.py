"""Citation recall: all that the answer rests on is quoted."""

from raftune.comparison import find_verbatim, overlap
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class CitationRecall:
    """The share of the reference's quotes that a quote of the reply overlaps."""

    name = "citation_recall"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies where the oracle is shown and the reference quotes it."""
        text = "" if example.oracle is None else example.documents[example.oracle].text
        wanted = [span for quote in example.quotes if (span := find_verbatim(quote.text, text)) is not None]
        if not wanted:
            return Outcome(None, "not_applicable")
        spans = [find_verbatim(quote, text) for quote in reply.quotes]
        found = sum(any(span is not None and overlap(span, gold) for span in spans) for gold in wanted)
        return Outcome(found / len(wanted))


plug = CitationRecall()
