"""No wording of the teacher's instructions comes into a row."""

import re
from typing import Literal

from raftune.contracts import Candidate

ECHO = re.compile(
    r"\bsentence_\d+|</?(?:PASSAGE|DOCUMENT|ANSWER)\b|##(?:begin|end)_quote##|\"(?:question|answer|reasoning)\"\s*:"
    r"|^(?:question|answer|reasoning|질문|답변|정답)\s*:|```|\bJSON\b.*\bschema\b|\bas an AI\b|\blanguage model\b, I"
    r"|\b(?:shortest complete answer|complete question about|in the words and figures of)\b"
    r"|\btake what the sentence leaves out\b"
    r"|가장 짧으면서 완전한|를 묻는 완전한 질문|그 문장의 낱말과 숫자",
    re.IGNORECASE,
)
EXAMPLES = ("Harbour Act of 1987", "port pilots' licences", "73 ports", "도선사 면허", "항만 73곳")


class PromptEchoGate:
    """Looks for field names, marks, phrases of the instructions, and the instructions' own examples."""

    name = "prompt_echo"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """The echo, or None. What the passage says itself is no echo."""
        for text in (candidate.question, candidate.final, candidate.reasoning):
            if (found := ECHO.search(text)) and found.group() not in candidate.passage:
                return f"wording of the prompt ({found.group()})"
            if echo := next((words for words in EXAMPLES if words in text and words not in candidate.passage), None):
                return f"an example of the prompt ({echo})"
        return None


def plug() -> PromptEchoGate:
    """The gate; it remembers nothing."""
    return PromptEchoGate()
