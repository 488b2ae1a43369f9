"""Answer F1 that counts only where all numbers are right."""

from raftune.comparison import answer_f1, lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import without_marks
from raftune.quantities import same_quantities
from raftune.records import Example


class AnswerF1Gated:
    """Lenient F1, and 0 where a number of the reference, or its unit, is missing: 35 % is no answer where 3.5 % is."""

    name = "answer_f1_gated"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain; an empty reply is 0."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        if not answer or not same_quantities(answer, example.reference):
            return Outcome(0.0)
        return Outcome(answer_f1(answer, example.reference, example.language))


plug = AnswerF1Gated()
