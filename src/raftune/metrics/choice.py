"""Choice: of a closed set of answers (yes, no, maybe) the reply takes the right one."""

import re

from raftune.comparison import lenient_answer, normalise_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.prompts.raft import without_marks
from raftune.records import Example

FORMS = {
    "yes": re.compile(r"\byes\b|^\s*(?:예|네)(?![가-힣])|그렇습니다|그렇다"),
    "no": re.compile(r"\bno\b|아니요|아니오|아닙니다|아니다"),
    "maybe": re.compile(r"\bmaybe\b|\buncertain\b|\binconclusive\b|불확실|아마도?"),
}
SAME = {"예": "yes", "네": "yes", "아니요": "no", "아니오": "no", "아마": "maybe", "아마도": "maybe"}


class Choice:
    """1 if the lenient answer begins with the right choice, or names that one alone."""

    name = "choice"
    higher_is_better = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies where the reference is yes, no or maybe; a reply that takes none or several is 0."""
        found = self.labels(example, reply)
        return Outcome(None, "not_applicable") if found is None else Outcome(float(found[0] == found[1]))

    def labels(self, example: Example, reply: ParsedReply) -> tuple[str, str] | None:
        """The right choice and the one that the reply takes, "" for none or several; None where it does not apply."""
        wanted = normalise_answer(example.reference, example.language)
        wanted = SAME.get(wanted, wanted)
        if wanted not in FORMS or example.behaviour == "abstain":
            return None
        return wanted, chosen(lenient_answer(reply.final, without_marks(reply.text), reply.quotes)) or ""


def chosen(answer: str) -> str | None:
    """The choice that an answer begins with, or the only one that stands in it."""
    places = {name: found.start() for name, form in FORMS.items() if (found := form.search(answer.lower()))}
    first = min(places, key=lambda name: places[name], default=None)
    if first is None or len(places) == 1:
        return first
    return first if not answer[: places[first]].strip(" \n\t*\"'.") else None


plug = Choice()
