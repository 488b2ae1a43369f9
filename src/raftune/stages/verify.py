"""Answers -> verified answers: the question finds its passage, and a model that sees no first answer is asked again.

Verifiers ask once a passage. A row whose check fails is rejected by name. Paid work is never lost to a bad reply: where
a verifier got nothing that can be used, the row stays and carries the flag "unverified".
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pydantic import Field

from raftune.artifact import Artifact
from raftune.contracts import Verdict, Verifier
from raftune.errors import BadReply
from raftune.records import Answer, Chunk
from raftune.stage import Judge, StageConfig, Tools, rows_by_id, stage
from raftune.teaching.recipes import BUILT_IN
from raftune.verifying.finding import not_found

UNVERIFIED = "unverified"


class VerifyConfig(StageConfig):
    """How answers are checked once more."""

    findable: int = Field(default=20, ge=0)
    """A question has to find its own passage among so many nearest ones (by BM25), else it does not say what it is
    about and is dropped. 0: not looked at."""

    verifiers: tuple[str, ...] = ("blind", "closed_book")
    """Files in `verifiers/`, one request a passage each; empty: nothing is checked, nothing is paid. blind: answered
    again from the passage, dropped where the second answer differs; closed_book: answered without the passage, flagged
    where that is right; judged: asks whether the quotes support the answer, dropped where not."""


@dataclass
class Case:
    """An answer on its way through the verifiers: its flags, and the first fault."""

    answer: Answer
    flags: list[str] = field(default_factory=list)
    fault: tuple[str, str] | None = None


@stage(version=1, row_type=Answer, roles=("judge",), prompts=("blind", "closed_book", "judged"))
async def verify(
    tools: Tools, config: VerifyConfig, answers: Artifact[Answer], chunks: Artifact[Chunk]
) -> AsyncIterator[Answer]:
    """The answers that pass, in order, flagged. The built-in teacher can check nothing: its rows pass, flagged."""
    chunk_by_id = rows_by_id(chunks)
    found = [answer async for answer in findable(tools, config, answers, list(chunk_by_id.values()))]
    if not config.verifiers:
        for answer in found:
            yield answer
        return
    judge = tools.plugs.judge()
    verifiers = tools.plugs.verifiers(config.verifiers)

    async def check(group: Sequence[Answer]) -> list[Case]:
        cases = [Case(answer) for answer in group]
        for verifier in verifiers:
            await examine(verifier, judge, chunk_by_id[group[0].chunk], cases)
        return cases

    done = 0
    groups = (list(rows) for _, rows in groupby(found, key=lambda answer: answer.chunk))
    async for _, cases in tools.engine.each(groups, check, judge.at_once):
        done += len(cases)
        tools.progress(done, len(found), "")
        for case in cases:
            if case.fault:
                tools.reject(case.answer.id, *case.fault)
            else:
                yield case.answer.changed(flags=tuple(dict.fromkeys((*case.answer.flags, *case.flags))))


async def findable(
    tools: Tools, config: VerifyConfig, answers: Artifact[Answer], chunks: Sequence[Chunk]
) -> AsyncIterator[Answer]:
    """The answers whose question finds its passage; the others are rejected."""
    rows = list(answers)
    lost: frozenset[str] = frozenset()
    if config.findable and rows:
        lost = await not_found(tools.plugs.retriever("bm25", rows[0].language), rows, chunks, config.findable)
    for answer in rows:
        if answer.id in lost:
            tools.reject(answer.id, "does not find its passage", answer.text)
        else:
            yield answer


async def examine(verifier: Verifier, judge: Judge, chunk: Chunk, cases: Sequence[Case]) -> None:
    """Notes what one verifier says about those answers of a passage that have no fault yet."""
    open_cases = [case for case in cases if case.fault is None]
    if not open_cases:
        return
    answers = [case.answer for case in open_cases]
    try:
        verdicts = await asked(verifier, judge, chunk, answers)
    except BadReply:
        verdicts = [Verdict(checked=False)] * len(answers)
    for case, verdict in zip(open_cases, verdicts, strict=True):
        if verdict.fault:
            case.fault = verdict.fault, verdict.detail
        elif not verdict.checked:
            case.flags.append(UNVERIFIED)
        elif verdict.flag:
            case.flags.append(verdict.flag)


async def asked(verifier: Verifier, judge: Judge, chunk: Chunk, answers: Sequence[Answer]) -> list[Verdict]:
    """A verdict for each answer. Raises BadReply, and ProviderError where nobody answers."""
    if judge.model == BUILT_IN:
        return [Verdict(checked=False)] * len(answers)
    request = verifier.request(judge.model, chunk, answers)
    return verifier.judge(await judge.chat.complete(request), answers)
