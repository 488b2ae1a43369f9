"""chrF: character n-grams that answer and reference share."""

from raftune.comparison import lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.overlaps import chrf
from raftune.prompts.raft import without_marks
from raftune.records import Example


class Chrf:
    """chrF2 of the lenient answer, 0 to 1: forgiving about endings and particles, so it suits Korean as well."""

    name = "chrf"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain; an empty reply is 0."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        return Outcome(chrf(answer, example.reference) if answer else 0.0)


plug = Chrf()
