"""What a judge will be asked about answers: a stand-in replies as a judge does, and the requests are kept."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from raftune.contracts import ChatReply, ChatRequest
from raftune.judging.grader import Graded, Grader
from raftune.judging.planted import check_judge
from raftune.stage import Judge

SENTENCE = re.compile(r"(?<=[.!?。])\s+")
ANSWER = re.compile(r"<ANSWER>\n(.*?)\n</ANSWER>", re.DOTALL)


@dataclass
class StandIn:
    """Takes each sentence for a claim, and says yes to everything."""

    requests: list[ChatRequest] = field(default_factory=list)

    async def complete(self, request: ChatRequest) -> ChatReply:
        """A reply of the form asked for."""
        self.requests.append(request)
        names = (request.reply_schema or {})["properties"]
        found = ANSWER.search(request.messages[-1].content)
        lists = {"claims": SENTENCE.split(found[1].strip()) if found else ["-"], "questions": ["What?"] * 3}
        content = {name: lists.get(name, "no" if name == "evasive" else "yes") for name in names}
        return ChatReply(text=json.dumps(content), finish_reason="stop", prompt_tokens=0, completion_tokens=0)


class Nowhere:
    """An embedder for which all texts are the same."""

    name = "nowhere"

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text."""
        return np.ones((len(texts), 1), np.float32)


async def foreseen(cases: Sequence[Graded], model: str, metrics: Sequence[str]) -> list[ChatRequest]:
    """The requests for the grades of answers: as many as for these, with as many claims as they have sentences."""
    judge = StandIn()
    grader = Grader(Judge(model, judge, 1), Nowhere(), metrics)
    for case in cases:
        await grader.grade(case)
    return judge.requests


async def foreseen_planted(cases: Sequence[Graded], model: str, metrics: Sequence[str], seed: int) -> list[ChatRequest]:
    """The requests for planted answers to some of the cases, for each language."""
    judge = StandIn()
    for language in sorted({case.language for case in cases}):
        own = [case for case in cases if case.language == language]
        await check_judge(Grader(Judge(model, judge, 1), Nowhere(), metrics), own, seed)
    return judge.requests
