"""Exact match: the answer after the mark equals the reference once both are normalised."""

from raftune.comparison import normalise_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class ExactMatch:
    """1 or 0, by SQuAD's rules (arXiv 1606.05250, section 6.1); a reply without answer mark is 0."""

    name = "exact_match"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        wanted = normalise_answer(example.reference, example.language)
        return Outcome(float(normalise_answer(reply.final or "", example.language) == wanted != ""))


plug = ExactMatch()
