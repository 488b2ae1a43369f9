"""ROUGE-L: the longest sequence that answer and reference share."""

from raftune.comparison import lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.overlaps import rouge_l
from raftune.prompts.raft import without_marks
from raftune.records import Example


class RougeL:
    """F1 of the longest common subsequence of words, or of a Korean answer's characters; the lenient answer counts."""

    name = "rouge_l"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain; an empty reply is 0."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        return Outcome(rouge_l(answer, example.reference, example.language) if answer else 0.0)


plug = RougeL()
