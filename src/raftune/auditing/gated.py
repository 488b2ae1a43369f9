"""The gates that teaching questions and answers pass, as checks of rows made anywhere."""

from dataclasses import dataclass

from raftune import registry
from raftune.audited import AuditRow, Severity
from raftune.checks import refuses
from raftune.contracts import Candidate, Gate


@dataclass(frozen=True)
class Gated:
    """A gate's name, and whether it looks at the answer, or only at the question."""

    gate: str
    severity: Severity
    about: str
    answer: bool = False
    quoted: bool = False


GATED = {
    "question_complete": Gated("complete", "error", "a question is no complete sentence"),
    "question_stands_alone": Gated("stands_alone", "warning", "a question points at what is not shown"),
    "question_language": Gated("language", "error", "a question is in another language than its document"),
    "question_leaks_answer": Gated("leaks_answer", "warning", "a question holds its own answer", answer=True),
    "answer_finished": Gated("finished", "error", "an answer ends in the middle", answer=True),
    "prompt_echo": Gated("prompt_echo", "error", "the wording of a prompt stands in a row", answer=True),
    "answer_supported": Gated(
        "supported", "warning", "an answer says what its quotes do not", answer=True, quoted=True
    ),
}


class GateCheck:
    """Shows a row to a gate."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._gated = GATED[name]
        self.severity, self.about = self._gated.severity, self._gated.about
        self._gate: Gate = registry.load("gates", self._gated.gate)()

    def applies(self, row: AuditRow) -> bool:
        """Whether the row has what the gate looks at; a refusal and a call are judged by other rules."""
        if not self._gated.answer:
            return not row.call or self._gated.gate == "language"
        if row.final is None or not row.final.strip() or row.call:
            return False
        return not refuses(row) and (bool(row.quotes) or not self._gated.quoted)

    def fault(self, row: AuditRow) -> str | None:
        """What the gate finds."""
        fault = self._gate.fault(candidate_of(row, whole=self._gated.answer))
        return None if fault is None else f"{fault}: {row.question if not self._gated.answer else row.final}"


def candidate_of(row: AuditRow, *, whole: bool) -> Candidate:
    """A row as gates see it."""
    passage = row.oracle or "\n\n".join(row.documents) if whole else ""
    return Candidate(row.question, row.final or "", row.reasoning, row.quotes, passage, row.language)
