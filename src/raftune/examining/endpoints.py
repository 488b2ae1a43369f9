"""Looks at one model at an endpoint, from its address to its replies, within half a minute."""

import asyncio
import difflib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.endpoints.server_facts import ServerFacts, describe
from raftune.errors import ProviderError, RaftuneError, RateLimited
from raftune.examining.check import Check, of_error
from raftune.examining.hearing import Heard
from raftune.examining.reaching import failed, reach
from raftune.examining.room import Need
from raftune.examining.subjects import Subject
from raftune.examining.trying import Spent, Trial

SECONDS = 30.0
REFUSED = frozenset({401, 403})
UNKNOWN = frozenset({400, 404, 422})
LIKE_A_KEY = 40  # characters: names of variables are shorter


async def examined(subject: Subject, keys: Keys, needs: list[Need], spent: Spent) -> list[Check]:
    """Everything that there is to say about a model; what takes longer than half a minute is given up."""
    found: list[Check] = []
    try:
        async with asyncio.timeout(SECONDS):
            async for check in steps(subject, keys, needs, spent):
                found.append(check)  # noqa: PERF401 - what was found before the time ran out counts
    except TimeoutError:
        words = f"is not through within {SECONDS:.0f} s"
        found.append(failed(subject.name, "time", words, "A local server may be loading the model: try again."))
    except RaftuneError as error:
        found.append(of_error(subject.name, "address", error))
    return found


async def steps(subject: Subject, keys: Keys, needs: list[Need], spent: Spent) -> AsyncIterator[Check]:
    """One check after the other; a failed one is the last where the next ones build on it."""
    role, address = subject.name, replace(subject.config.address(), seconds=min(subject.config.seconds, SECONDS))
    async for check in reach(role, address):
        yield check
        if check.state == "fail":
            return
    if missing := key_fault(role, address, keys):
        yield missing
        return
    heard = Heard()
    endpoint = Endpoint(address, keys, heard.hear)
    try:
        async for check in answered(subject, endpoint, spent, needs):
            yield check
        for check in heard.checks(role):
            yield check
    finally:
        await endpoint.aclose()


async def answered(subject: Subject, endpoint: Endpoint, spent: Spent, needs: list[Need]) -> AsyncIterator[Check]:
    """The key, the model, its context, and what it replies."""
    facts: ServerFacts | None = None
    with suppress(ProviderError):  # whoever may not see the list may still ask the model
        facts = await describe(endpoint, subject.model)
    replies: list[Check] = []
    trial = Trial(subject, endpoint, spent)
    try:
        async for check in trial.checks():
            replies.append(check)  # noqa: PERF401 - those before a failure count
    except RateLimited as error:
        replies.append(Check(subject.name, "reply", "warn", error.message, error.advice))
    except ProviderError as error:
        yield fault(subject, facts, error)
        return
    yield Check(subject.name, "key", "ok", key_words(endpoint.address, endpoint.keys))
    yield model_check(subject, facts, trial.answers_as)
    yield context(subject, facts, needs)
    for check in replies:
        yield check


def key_fault(role: str, address: Address, keys: Keys) -> Check | None:
    """What is wrong with a key before anything is sent, or None."""
    variable = address.key_variable
    if len(variable) >= LIKE_A_KEY or variable.startswith("sk-"):
        keys.secret(variable)
        words = "key_variable seems to hold a key, not the name of a variable"
        return failed(role, "key", words, "Put the key into .env as OPENAI_API_KEY=..., and its name here.")
    if address.credential == "key" and variable and not address.local and not keys.value(variable):
        words = f"the variable {variable} is not set"
        return failed(role, "key", words, "Put the key into the environment or .env.")
    return None


def key_words(address: Address, keys: Keys) -> str:
    """Where the accepted key comes from."""
    if address.credential == "entra":
        return "a token of Microsoft Entra ID, accepted"
    source = keys.source(address.key_variable) if address.key_variable else ""
    return f"{address.key_variable} of {source}, accepted" if source else "none given, none needed"


def fault(subject: Subject, facts: ServerFacts | None, error: ProviderError) -> Check:
    """What an unanswered first request says: about the key, the model, or the endpoint."""
    status = getattr(error.__cause__, "status_code", 0)
    if status in REFUSED:
        return of_error(subject.name, "key", error)
    if facts is None or facts.listed is not False or status not in UNKNOWN:
        return of_error(subject.name, "reply", error)
    near = difflib.get_close_matches(subject.model, facts.names, n=3, cutoff=0.4) or facts.names[:3]
    words = f"{subject.model} is not among the {len(facts.names)} that the endpoint has"
    return failed(subject.name, "model", words, f"It has {', '.join(near)}.")


def model_check(subject: Subject, facts: ServerFacts | None, answers_as: str) -> Check:
    """Whether the model that was asked is the one that answered, and is listed; a dated variant is the same model."""
    if answers_as and not answers_as.startswith(subject.model):
        words = f"{subject.model} was asked, {answers_as} answers"
        return Check(subject.name, "model", "warn", words, "Check where the gateway sends requests.")
    if facts is None or facts.listed is None:
        return Check(subject.name, "model", "ok", f"{subject.model} answers; the endpoint has no list of models")
    listed = "is listed, and answers" if facts.listed else "answers, though it is not listed"
    return Check(subject.name, "model", "ok", f"{subject.model} {listed}")


def context(subject: Subject, facts: ServerFacts | None, needs: list[Need]) -> Check:
    """Whether the largest request that the settings can make fits into the model's context."""
    mine = [need for need in needs if need.role in subject.roles]
    most = max(mine, key=lambda need: need.tokens, default=None)
    needed = f"the largest request takes about {most.tokens:,}" if most else ""
    if facts is None or facts.context is None:
        return Check(subject.name, "context", "skipped", "; ".join(filter(None, ["not told", needed])))
    words = "; ".join(filter(None, [f"{facts.context:,} tokens", needed]))
    if most and most.tokens > facts.context:
        return failed(subject.name, "context", words, most.advice)
    return Check(subject.name, "context", "ok", words)
