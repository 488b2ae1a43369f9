"""English questions by rule: how many, by what percentage, what is; else a figure or name to fill in."""

import re
from collections.abc import Iterator

from raftune.asking import Asked
from raftune.asking.blanks import fill_in
from raftune.asking.english_patterns import (
    ACTION,
    AMBIGUOUS,
    ARTICLES,
    ASIDE,
    BASES,
    CHANGE,
    CHANGES,
    CLAUSE,
    CONDITION,
    COUNT,
    CUT,
    DATE,
    DEEDS,
    DEFINITION,
    DIRECT,
    DUTY,
    EXTENDED,
    FRONTED,
    LONGEST_ANSWER,
    MODAL,
    OF_SOMETHING,
    ONGOING,
    PRESENT,
    SECOND_VERB,
    TOTAL,
    TOTALS,
    UNCLEAR,
)


def ask(sentence: str, heading: str, passage: str) -> Asked | None:
    """The best question that a rule is sure of, or None. `passage` tells which words are written small."""
    plain = ASIDE.sub("", sentence.removeprefix("- ")).rstrip()
    if UNCLEAR.search(plain) or not plain.endswith("."):
        return None
    for asked in natural(plain.removesuffix("."), passage):
        if fits(asked, sentence, heading):
            return anchored(asked, heading) if AMBIGUOUS.match(asked.question) else asked
    return fill_in(plain.removesuffix("."), sentence, heading, passage)


def fits(asked: Asked, sentence: str, heading: str) -> bool:
    """Whether the answer is a short verbatim part of the sentence and neither in the question nor in the heading."""
    short = len(asked.answer) <= min(LONGEST_ANSWER, 0.7 * len(sentence))
    bare = re.sub(r"^(?:the|an?) ", "", asked.answer.lower())
    given_away = bare in f"{heading} {asked.question}".lower() or (heading and heading.lower() in bare)
    return short and asked.answer in sentence and not given_away


def anchored(asked: Asked, heading: str) -> Asked:
    """The question with its heading, where there is one."""
    if not heading:
        return asked
    question = asked.question[0].lower() + asked.question[1:]
    return Asked(f'Regarding "{heading}", {question}', asked.answer)


def natural(plain: str, passage: str) -> Iterator[Asked]:
    """Questions in their natural form, best first."""
    if match := COUNT.match(plain):
        subject, when = parts(match, passage)
        deed = BASES[match["verb"]] + same_clause_end(match["tail"])
        yield Asked(f"How many {match['noun']} did {subject} {deed}{when}?", match["answer"])
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
    yield from done(plain, passage)
    if match := DUTY.match(plain):
        lead = f" {match['lead'][0].lower()}{match['lead'][1:-2]}" if match["lead"] else ""
        subject, what = lowered(match["subject"], passage), match["what"]
        infinitive = what.endswith(" to") and what != "subject to"
        asks = f"{what} do" if infinitive else what
        yield Asked(f"What {match['verb']} {subject} {asks}{lead}?", match["answer"])
    if match := CONDITION.match(plain):
        yield Asked(f"What applies if {match['condition']}?", match["answer"])


def done(plain: str, passage: str) -> Iterator[Asked]:
    """Questions about what somebody did, goes on doing, may or must do, or provides."""
    if match := ACTION.match(plain):
        subject, when = parts(match, passage)
        base = {**BASES, **DEEDS}[match["verb"]]
        yield Asked(f"What did {subject} {base}{when}?", shortened(first_verb(match["answer"])))
    if match := ONGOING.match(plain):
        subject, when = parts(match, passage)
        yield Asked(f"What did {subject} continue to do{when}?", shortened(match["answer"], CLAUSE))
    if (match := MODAL.match(plain)) and not FRONTED.match(plain):
        subject = lowered(match["subject"], passage)
        direct = DIRECT.match(match["answer"])
        verb_phrase, answer = (direct["verb"], direct["answer"]) if direct else ("do", match["answer"])
        question = f"What {match['verb']} {subject}{match['negation'] or ''} {verb_phrase}?"
        yield Asked(question, shortened(answer, CLAUSE))
    if (match := PRESENT.match(plain)) and not FRONTED.match(plain) and not SECOND_VERB.search(match["answer"]):
        subject, verb = lowered(match["subject"], passage), match["verb"]
        recipient = EXTENDED.match(match["answer"]) if verb.startswith("provide") else None
        helper = "did" if verb == "consisted of" else "does" if re.search(r"s$|s of$|applies", verb) else "do"
        if recipient is None:
            cut = CLAUSE if verb.startswith(("require", "prohibit")) else CUT
            yield Asked(f"What {helper} {subject} {base_of(verb)}?", shortened(match["answer"], cut))


def base_of(verb: str) -> str:
    """The plain form of a verb in the present tense."""
    special = {"applies to": "apply to", "consists of": "consist of", "consisted of": "consist of"}
    return special.get(verb, verb.removesuffix("s"))


def first_verb(answer: str) -> str:
    """An object without the second verb that follows it."""
    found = SECOND_VERB.search(answer)
    return answer[: found.start()] if found else answer


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
    if first in ARTICLES:
        return first.lower() + space + rest
    if not first[1:].islower():
        return subject
    common = re.search(rf"\b{re.escape(first.lower())}\b", passage) or OF_SOMETHING.match(rest)
    return first.lower() + space + rest if common else subject


def shortened(answer: str, at: "re.Pattern[str]" = CUT) -> str:
    """A long answer up to its first subordinate clause."""
    cut = at.search(answer, 12)
    return answer[: cut.start()] if cut and len(answer) > 60 else answer
