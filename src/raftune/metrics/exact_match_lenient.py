"""Exact match, lenient: without an answer mark the best guess from the whole reply counts."""

from raftune.comparison import lenient_answer, normalise_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import without_marks
from raftune.records import Example


class ExactMatchLenient:
    """As exact match, for models that know the answer but not the format; `lenient_answer` holds the rule."""

    name = "exact_match_lenient"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Does not apply where the right behaviour is to abstain; an empty reply is 0."""
        if example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        answer = lenient_answer(reply.final, without_marks(reply.text), reply.quotes)
        wanted = normalise_answer(example.reference, example.language)
        return Outcome(float(normalise_answer(answer, example.language) == wanted != ""))


plug = ExactMatchLenient()
