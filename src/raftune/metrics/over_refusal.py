"""Over-refusal: the reply abstains although a shown document holds the answer. Lower is better."""

from raftune.comparison import lenient_answer, says_unknown
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import default_prompt, without_marks
from raftune.records import Example


class OverRefusal:
    """1 if the answer is an abstention, or if there is no answer at all: an empty reply is never the better one."""

    name = "over_refusal"
    higher_is_better = False

    def __init__(self) -> None:
        self.prompt = default_prompt()

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the oracle is not shown."""
        if example.oracle is None:
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        return Outcome(float(not answer or self.prompt.is_abstention(answer) or says_unknown(answer)))


plug = OverRefusal()
