"""Abstention precision: where the reply says that the answer is not there, it is not."""

from raftune.comparison import lenient_answer, says_unknown
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import default_prompt, without_marks
from raftune.records import Example


class AbstentionPrecision:
    """1 for an abstention where the oracle is not shown, 0 for one where it is."""

    name = "abstention_precision"
    higher_is_better = True

    def __init__(self) -> None:
        self.prompt = default_prompt()

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies to replies that abstain; so two systems are compared on those questions where both do."""
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        if not self.prompt.is_abstention(answer) and not says_unknown(answer):
            return Outcome(None, "not_applicable")
        return Outcome(float(example.oracle is None))


plug = AbstentionPrecision()
