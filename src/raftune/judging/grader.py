"""Faithfulness, answer relevancy, similarity and correctness by the definitions of RAGAS (arXiv 2309.15217, and its
release 0.4 for correctness), with claims split once and shared: four requests an answer and one a reference.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from raftune.contracts import ChatReply, ChatRequest, Embedder, Outcome
from raftune.errors import BadReply
from raftune.judging.replies import (
    MOST_CLAIMS,
    PER_CLAIM,
    PER_VERDICT,
    claims_in,
    flag_in,
    list_schema,
    questions_schema,
    request_for,
    statements,
    texts_in,
    verdict_schema,
    verdicts_in,
)
from raftune.records import Language
from raftune.stage import Judge

GRADED = ("faithfulness", "answer_relevancy", "answer_similarity", "answer_correctness")
PROMPTS = ("claims", "supported", "compared", "questions_back")
FACTS, LIKENESS = 0.75, 0.25
BACK = 3
AGAIN = 0.5  # the temperature of a second try
FAILED, NOT_APPLICABLE, WORST = Outcome(None, "failed"), Outcome(None, "not_applicable"), Outcome(0.0)

T = TypeVar("T")
Parts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Graded:
    """An answer to grade: what was asked, answered, shown, and what is right. `abstains`: it says it has no answer."""

    question: str
    answer: str
    reference: str
    documents: tuple[str, ...]
    language: Language
    abstains: bool = False


@dataclass
class Grader:
    """Grades answers in one language. `calls` counts requests, `faults` what could not be used, by reason."""

    judge: Judge
    embedder: Embedder
    metrics: Sequence[str] = GRADED
    calls: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    references: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    locks: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    async def grade(self, one: Graded) -> dict[str, Outcome]:
        """An outcome for each metric. A reply of the judge that stays unusable is "failed", never a value.

        An empty answer is 0 and asks nobody. One that abstains is no answer to the question either; it claims nothing,
        so faithfulness does not apply. Raises ProviderError when the judge or the embedder cannot be asked.
        """
        if not one.answer.strip() or one.abstains:
            found = dict.fromkeys(self.metrics, WORST)
            return found | {"faithfulness": NOT_APPLICABLE} if one.abstains and "faithfulness" in found else found
        outcomes: dict[str, Outcome] = {}
        similarity = await self.similarity(one)
        claims: list[str] | None = None
        if {"faithfulness", "answer_correctness"} & set(self.metrics):
            claims = await self.tried(self.claims(one.question, one.answer, one.language))
        for metric in self.metrics:
            if metric == "answer_similarity":
                outcomes[metric] = Outcome(similarity)
            elif metric == "answer_relevancy":
                outcomes[metric] = scored(await self.tried(self.relevancy(one)))
            elif metric == "faithfulness" and not one.documents:
                outcomes[metric] = NOT_APPLICABLE
            elif claims is None:
                outcomes[metric] = FAILED
            elif metric == "faithfulness":
                outcomes[metric] = scored(await self.tried(self.faithfulness(one, claims)))
            else:
                facts = await self.tried(self.facts(one, claims))
                outcomes[metric] = FAILED if facts is None else Outcome(FACTS * facts + LIKENESS * similarity)
        return outcomes

    async def tried(self, work: Any) -> Any:
        """The result of awaiting `work`; None where the judge's reply cannot be used, which is counted."""
        try:
            return await work
        except BadReply as error:
            self.faults[error.reason] = self.faults.get(error.reason, 0) + 1
            return None

    async def asked(self, request: ChatRequest, read: Callable[[ChatReply], T]) -> T:
        """What `read` makes of the reply; asked once more, less strictly, where it can make nothing of it.

        At temperature 0 many models would reply the same again, whatever the seed.
        """
        try:
            return read(await self.reply(request))
        except BadReply:
            changes = {"seed": request.seed + 1, "temperature": AGAIN, "max_tokens": 2 * request.max_tokens}
            return read(await self.reply(request.model_copy(update=changes)))

    async def reply(self, request: ChatRequest) -> ChatReply:
        """One request to the judge, counted."""
        self.calls += 1
        return await self.judge.chat.complete(request)

    async def claims(self, question: str, text: str, language: Language) -> list[str]:
        """The claims of a text, each understood without it, and once. Raises BadReply where there are none."""
        schema = list_schema("claims", MOST_CLAIMS)
        parts = [("QUESTION", question), ("ANSWER", text)]
        tokens = PER_CLAIM * (2 + len(text) // 40)
        found = await self.asked(
            request_for(self.judge.model, "claims", language, parts, schema, tokens),
            lambda reply: some(claims_in(reply)),
        )
        return found[:MOST_CLAIMS]

    async def verdicts(self, prompt: str, parts: Parts, count: int, language: Language) -> list[bool]:
        """A verdict on each of `count` statements."""
        schema, tokens = verdict_schema(count), PER_VERDICT * count
        request = request_for(self.judge.model, prompt, language, parts, schema, tokens)
        return await self.asked(request, lambda reply: verdicts_in(reply, count))

    async def faithfulness(self, one: Graded, claims: Sequence[str]) -> float:
        """The share of the answer's claims that follow from the documents shown."""
        parts = [("TEXT", "\n\n".join(one.documents)), ("STATEMENTS", statements(claims))]
        found = await self.verdicts("supported", parts, len(claims), one.language)
        return sum(found) / len(found)

    async def facts(self, one: Graded, claims: Sequence[str]) -> float:
        """F1 of claims: those of the answer that follow from the reference, those of the reference that are missing."""
        wanted = await self.reference_claims(one)
        parts = [
            ("QUESTION", one.question),
            ("REFERENCE", one.reference),
            ("ANSWER", one.answer),
            ("FROM_ANSWER", statements(claims)),
            ("FROM_REFERENCE", statements(wanted, len(claims) + 1)),
        ]
        found = await self.verdicts("compared", parts, len(claims) + len(wanted), one.language)
        true, met = sum(found[: len(claims)]), sum(found[len(claims) :])
        false, missing = len(claims) - true, len(wanted) - met
        return true / (true + 0.5 * (false + missing)) if true else 0.0

    async def reference_claims(self, one: Graded) -> list[str]:
        """The claims of a reference, asked for once however many answers to its question are graded at a time."""
        key = (one.question, one.reference)
        async with self.locks.setdefault(key, asyncio.Lock()):
            if key not in self.references:
                self.references[key] = await self.claims(one.question, one.reference, one.language)
        return self.references[key]

    async def relevancy(self, one: Graded) -> float:
        """The mean likeness of the question to those that a reader of the answer alone takes it to answer.

        0 for an answer that the judge calls evasive.
        """
        schema, parts = questions_schema(BACK), [("ANSWER", one.answer)]
        request = request_for(self.judge.model, "questions_back", one.language, parts, schema, BACK * PER_CLAIM)
        questions, evasive = await self.asked(
            request, lambda reply: (some(texts_in(reply, "questions")), flag_in(reply, "evasive"))
        )
        if evasive:
            return 0.0
        vectors = await self.embedder.embed([one.question, *questions])
        likeness = vectors[1:] @ vectors[0]
        return min(1.0, max(0.0, float(likeness.mean())))

    async def similarity(self, one: Graded) -> float:
        """The cosine of answer and reference, not below 0."""
        vectors = await self.embedder.embed([one.answer, one.reference])
        return min(1.0, max(0.0, float(vectors[0] @ vectors[1])))


def scored(value: float | None) -> Outcome:
    """A value as an outcome, rounded as scores are; none is a failure."""
    return FAILED if value is None else Outcome(round(value, 6))


def some(texts: list[str]) -> list[str]:
    """The texts; raises BadReply where there are none."""
    if not texts:
        raise BadReply("The judge found nothing in a text that says something.", "Try another judge.", "judge: nothing")
    return texts
