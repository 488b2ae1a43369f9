"""API call, exact: the right function with exactly the right arguments."""

from raftune.calls import call_in, is_called
from raftune.comparison import lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import without_marks
from raftune.records import Example


class ApiCallExact:
    """As API call, and 0 where there are arguments that the reference does not have."""

    name = "api_call_exact"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies to questions for a call whose reference is one; a reply without a call is 0."""
        wanted = call_in(example.reference)
        if wanted is None or example.kind != "call" or example.behaviour == "abstain":
            return Outcome(None, "not_applicable")
        plain = without_marks(reply.text)
        given = call_in(lenient_answer(reply.final, plain, reply.quotes)) or call_in(plain)
        return Outcome(float(given is not None and is_called(given, wanted, exactly=True)))


plug = ApiCallExact()
