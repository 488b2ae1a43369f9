"""Token F1, lenient: without an answer mark the best guess from the whole reply counts."""

from raftune.comparison import answer_f1, lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import without_marks
from raftune.records import Example


class TokenF1Lenient:
    """As token F1, for models that know the answer but not the format; `lenient_answer` holds the rule."""

    name = "token_f1_lenient"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain; an empty reply is 0."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        return Outcome(answer_f1(answer, example.reference, example.language) if answer else 0.0)


plug = TokenF1Lenient()
