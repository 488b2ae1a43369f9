"""Token F1, strict: only the text after the answer mark counts."""

from raftune.comparison import answer_f1
from raftune.contracts import Outcome, ParsedReply
from raftune.records import Example


class TokenF1:
    """Word F1 (English, SQuAD and HotpotQA) or character F1 (Korean, KorQuAD), 0 to 1; no answer mark is 0."""

    name = "token_f1"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        return Outcome(answer_f1(reply.final, example.reference, example.language) if reply.final else 0.0)


plug = TokenF1()
