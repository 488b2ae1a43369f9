"""Abstention recall: where no document holds the answer, the reply says so."""

from raftune.comparison import lenient_answer, says_unknown
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import default_prompt, without_marks
from raftune.records import Example


class AbstentionRecall:
    """1 if the answer is the abstention taught or says the same otherwise: negative rejection, arXiv 2309.01431."""

    name = "abstention_recall"
    higher_is_better = True

    def __init__(self) -> None:
        self.prompt = default_prompt()

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies only where the oracle is not shown and the right behaviour is to abstain; an empty reply is 0."""
        if example.oracle is not None or example.behaviour != "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        return Outcome(float(self.prompt.is_abstention(answer) or says_unknown(answer)))


plug = AbstentionRecall()
