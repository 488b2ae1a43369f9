"""No wording of the teacher's instructions comes into a row."""

import re
from functools import lru_cache
from typing import Literal

from raftune.contracts import Candidate

ECHO = re.compile(
    r"\b(?:sentence|item|answer|question)_\d+|</?(?:PASSAGE|DOCUMENT|ANSWER|QUOTES)\b|##(?:begin|end)_quote##"
    r"|\"(?:question|answer|reasoning|quotes)\"\s*:"
    r"|^(?:question|answer|reasoning|질문|답변|정답)\s*:|```|\bJSON\b.*\bschema\b|\bas an AI\b|\blanguage model\b, I"
    r"|\b(?:shortest complete answer|complete question about|in the words and figures of)\b"
    r"|\btake what the sentence leaves out\b"
    r"|가장 짧으면서 완전한|를 묻는 완전한 질문|그 문장의 낱말과 숫자",
    re.IGNORECASE,
)
EXAMPLES = (
    "Harbour Act", "Harbour Agency", "port pilots' licences", "73 ports", "도선사 면허", "항만공단", "항만 73곳",
)  # fmt: skip
TONE = re.compile(
    r"\b(?:in|with) an? ([\w-]+(?:(?:,? and |, )[\w-]+)*) (?:tone|manner|style|voice|way)\b"
    r"|((?:[가-힣]+\s){0,2}[가-힣]+)\s?(?:어조|말투|문체)(?:로|으로)",
    re.IGNORECASE,
)
WORD = re.compile(r"[\w'’]+")
RUN_OF_WORDS, RUN_OF_CHARACTERS = 6, 14


class PromptEchoGate:
    """Looks for field names, marks, the instructions' examples, tone words, and any longer run of the instructions."""

    name = "prompt_echo"
    stage: Literal["answer"] = "answer"

    def fault(self, candidate: Candidate) -> str | None:
        """The echo, or None. What the passage says itself is no echo."""
        for text in (candidate.question, candidate.final, candidate.reasoning):
            if (found := ECHO.search(text)) and found.group() not in candidate.passage:
                return f"wording of the prompt ({found.group()})"
            if echo := next((words for words in EXAMPLES if words in text and words not in candidate.passage), None):
                return f"an example of the prompt ({echo})"
            if echo := tone_echo(text, candidate) or run_echo(text, candidate):
                return f"wording of the prompt ({echo})"
        return None


def tone_echo(text: str, candidate: Candidate) -> str | None:
    """A tone that is named in the text because the instructions asked for it."""
    for match in TONE.finditer(text):
        told = (match.group(1) or match.group(2)).casefold() in candidate.instructions.casefold()
        if told and match.group() not in candidate.passage:
            return match.group()
    return None


def run_echo(text: str, candidate: Candidate) -> str | None:
    """The first run of the instructions in a text: so many words, or Korean characters without their spaces."""
    korean = candidate.language == "ko"
    runs = list(runs_of(text, korean=korean))
    told = told_runs(candidate.instructions, korean)
    suspects = [run for run in runs if run in told]
    if not suspects:
        return None
    shown = frozenset(runs_of(candidate.passage, korean=korean))
    return next((run for run in suspects if run not in shown), None)


@lru_cache(maxsize=32)
def told_runs(instructions: str, korean: bool) -> frozenset[str]:  # noqa: FBT001 - a cache key
    """All runs of the instructions, which are the same for many candidates."""
    return frozenset(runs_of(instructions, korean=korean))


def runs_of(text: str, *, korean: bool) -> list[str]:
    """All runs of the compared length, overlapping."""
    if korean:
        joined = "".join(WORD.findall(text.casefold()))
        return [joined[at : at + RUN_OF_CHARACTERS] for at in range(len(joined) - RUN_OF_CHARACTERS + 1)]
    words = WORD.findall(text.casefold())
    return [" ".join(words[at : at + RUN_OF_WORDS]) for at in range(len(words) - RUN_OF_WORDS + 1)]


def plug() -> PromptEchoGate:
    """The gate; it remembers nothing."""
    return PromptEchoGate()
