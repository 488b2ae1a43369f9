"""English questions by rule: how many, by what percentage, what is; else a figure or name to fill in."""

import re
from collections.abc import Iterator

from raftune.asking import Asked
from raftune.asking.blanks import fill_in

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = rf"(?:{MONTH} (?:\d{{1,2}}, )?(?:19|20)\d\d|(?:year-end |fiscal year |the end of )?(?:19|20)\d\d)"
WHEN = rf"(?:(?P<when>(?:In|During|By|As of|At|Through|Since) {DATE}),? )?"
SUBJECT = r"(?P<subject>(?:(?!\b(?:that|which|who|while|where|when|if|because|but|these|those)\b)[^,;:()]){3,90}?)"
NUMBER = r"\d[\d,]*(?:\.\d+)?(?: (?:hundred|thousand|million|billion|trillion))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
PERCENT = r"\d[\d,.]* (?:percent(?:age points)?|basis points)"
WHOLE_NOUN = r"(?P<noun>[a-z][a-z-]*s\b(?!\.\w)(?: (?:of|for|from|in|on|to) (?:the )?[\w’-]+(?: [\w’-]+){0,2})?|[\w’-]+(?: [\w’-]+){0,3}? [a-z-]+s)"
STOP = r"(?=[.,;]| and | that | which | with | from | to | in | at | during | for | through | by | as | of )"
BASES = {
    "processed": "process", "conducted": "conduct", "completed": "complete", "issued": "issue", "received": "receive",
    "supervised": "supervise", "collected": "collect", "hosted": "host", "held": "hold", "approved": "approve",
    "operated": "operate", "employed": "employ", "published": "publish", "reviewed": "review", "handled": "handle",
    "recorded": "record", "made": "make", "paid": "pay", "opened": "open", "served": "serve", "destroyed": "destroy",
    "referred": "refer", "released": "release", "performed": "perform", "inspected": "inspect", "filed": "file",
    "acted on": "act on", "commissioned": "commission", "distributed": "distribute", "transferred": "transfer",
}  # fmt: skip
CHANGES = {
    "increased": "increase", "decreased": "decrease", "rose": "rise", "fell": "fall", "grew": "grow",
    "declined": "decline", "dropped": "drop",
}  # fmt: skip
COUNT = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>{'|'.join(BASES)}) (?:(?:approximately|about|nearly|over|more than|almost) )?"
    rf"(?P<answer>{NUMBER}) {WHOLE_NOUN}{STOP}(?P<tail>.*)$"
)
CHANGE = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>{'|'.join(CHANGES)}) (?:by )?(?:(?:approximately|about|nearly|over|more than|almost) )?"
    rf"(?P<answer>{PERCENT})(?P<tail>.*)$"
)
TOTAL = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>totaled|amounted to|averaged) (?:(?:approximately|about|nearly|over|more than|almost) )?"
    rf"(?P<answer>(?:[$€£]\s?)?\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion|percent))?)(?P<tail>[ .,;].*)$"
)
TOTALS = {"totaled": "total", "amounted to": "amount to", "averaged": "average"}
DEFINITION = re.compile(
    r"^(?P<subject>(?:The |An? )?(?:[A-Z][\w’/&.-]*)(?: (?:[A-Z][\w’/&.-]*|of|for|and|the|on)){0,7}(?: \([A-Z][\w-]*\))?) "
    r"(?P<verb>is|are|was|were) (?P<answer>(?:an?|the|one of the) .+)$"
)
DUTY = re.compile(
    r"^(?P<lead>Under [^,]+?, )?(?P<subject>(?:The|the) [^,;()]{3,60}?) (?P<verb>is|are) "
    r"(?P<what>responsible for|required to|prohibited from|subject to|intended to|based on|designed to|composed of)"
    r" (?P<answer>.+)$"
)
CONDITION = re.compile(r"^If (?P<condition>[^,]{12,150}), (?P<answer>(?!then)[^;]{12,})$")
UNCLEAR = re.compile(
    r"^(?:[^,]{0,60}, )?(?:it|they|these|this|those|he|she|such|both|the (?:former|latter|two|three|first|second))\b"
    r"|^(?:[^,]{0,60}, )?[\w ]{0,20}\b(?:of|in|for|by) (?:these|those|this|them|which|the total)\b|^Of \b|^(?:Table|Figure|Box|Note)\b"
    r"|^(?:Here|There|Instead|Moreover|Overall|Similarly|Also|As a result|Therefore|Thus|Consequently|Likewise|Meanwhile)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\s*[(\[](?:[Ss]ee|refer)\b[^)\]]*[)\]]")
CUT = re.compile(r", (?!\d{4})| that | which | to | by | with | where | who |; | \(")
LONGEST_ANSWER = 150


def ask(sentence: str, heading: str, passage: str) -> Asked | None:
    """The best question that a rule is sure of, or None. `passage` tells which words are written small."""
    plain = ASIDE.sub("", sentence.removeprefix("- ")).rstrip()
    if UNCLEAR.search(plain) or not plain.endswith("."):
        return None
    for asked in natural(plain.removesuffix("."), passage):
        if fits(asked, sentence):
            return anchored(asked, heading)
    return fill_in(plain.removesuffix("."), sentence, heading)


def fits(asked: Asked, sentence: str) -> bool:
    """Whether the answer is a short verbatim part of the sentence and not in the question."""
    short = len(asked.answer) <= min(LONGEST_ANSWER, 0.7 * len(sentence))
    return short and asked.answer in sentence and asked.answer.lower() not in asked.question.lower()


def anchored(asked: Asked, heading: str) -> Asked:
    """The question with its heading, unless it says itself which year it is about."""
    dated = re.search(r"\b(?:19|20)\d\d\b", asked.question)
    if dated or not heading:
        return asked
    question = asked.question[0].lower() + asked.question[1:]
    return Asked(f'Regarding "{heading}", {question}', asked.answer)


def natural(plain: str, passage: str) -> Iterator[Asked]:
    """Questions in their natural form, best first."""
    if match := COUNT.match(plain):
        subject, when = parts(match, passage)
        noun = match["noun"] + same_clause_end(match["tail"])
        yield Asked(f"How many {noun} did {subject} {BASES[match['verb']]}{when}?", match["answer"])
    if match := CHANGE.match(plain):
        subject, when = parts(match, passage)
        since = re.match(rf" (?:from|in|over|during|compared with) {DATE}(?: to {DATE})?", match["tail"])
        end = since.group() if since else ""
        yield Asked(f"By how much did {subject} {CHANGES[match['verb']]}{end}{when}?", match["answer"])
    if match := TOTAL.match(plain):
        subject, when = parts(match, passage)
        end = same_clause_end(match["tail"])
        yield Asked(f"What did {subject} {TOTALS[match['verb']]}{end}{when}?", match["answer"])
    yield from defined(plain, passage)


def defined(plain: str, passage: str) -> Iterator[Asked]:
    """Questions about what something is, has to do, or what follows from a condition."""
    if match := DEFINITION.match(plain):
        subject = lowered(match["subject"], passage)
        yield Asked(f"What {match['verb']} {subject}?", shortened(match["answer"]))
    if match := DUTY.match(plain):
        lead = f" {match['lead'][0].lower()}{match['lead'][1:-2]}" if match["lead"] else ""
        subject, what = lowered(match["subject"], passage), match["what"]
        infinitive = what.endswith(" to") and what != "subject to"
        asks = f"{what} do" if infinitive else what
        yield Asked(f"What {match['verb']} {subject} {asks}{lead}?", match["answer"])
    if match := CONDITION.match(plain):
        yield Asked(f"What applies if {match['condition']}?", match["answer"])


def parts(match: "re.Match[str]", passage: str) -> tuple[str, str]:
    """Subject and time of a match, as they stand inside a question."""
    when = match["when"] or ""
    return lowered(match["subject"], passage), f" {when[0].lower()}{when[1:]}" if when else ""


def same_clause_end(tail: str) -> str:
    """A date that ends the clause: it belongs into the question."""
    found = re.match(rf" (?:in|during|as of|at|for|through) {DATE}(?=$|[,;])", tail)
    return found.group() if found else ""


def lowered(subject: str, passage: str) -> str:
    """The subject inside a sentence: its first word small, unless the passage only ever writes it large."""
    first, space, rest = subject.partition(" ")
    small = first in {"The", "A", "An", "All", "Each", "Most", "Some", "Total"} or re.search(rf"\b{re.escape(first.lower())}\b", passage)
    return first.lower() + space + rest if small and not first.isupper() else subject


def shortened(answer: str) -> str:
    """A definition up to its first subordinate clause."""
    cut = CUT.search(answer, 20)
    return answer[: cut.start()] if cut and len(answer) > 80 else answer
