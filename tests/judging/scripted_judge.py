"""A judge that splits at full stops and finds a statement supported where the text holds it, or misbehaves."""

import asyncio
import json
import re

from raftune.contracts import ChatReply
from raftune.stage import Judge


def part(request, name):
    return re.search(rf"<{name}>\n(.*?)\n</{name}>", request.messages[1].content, re.DOTALL)[1]


def sentences(text):
    return [piece.strip() for piece in re.split(r"(?<=[.!?])\s+", text) if piece.strip()]


def numbered(lines):
    return dict(line.split(": ", 1) for line in lines.splitlines())


def supported(claim, text):
    return "yes" if claim.rstrip(".") in text else "no"


def honest(request):
    """What a perfect judge of literal texts replies."""
    names = request.reply_schema["properties"]
    if "claims" in names:
        return json.dumps({"claims": sentences(part(request, "ANSWER"))})
    if "questions" in names:
        evasive = "yes" if "depends" in part(request, "ANSWER") else "no"
        return json.dumps({"questions": ["What is the monthly fee?"] * 3, "evasive": evasive})
    if "<STATEMENTS>" in request.messages[1].content:
        text = part(request, "TEXT")
        return json.dumps(
            {name: supported(claim, text) for name, claim in numbered(part(request, "STATEMENTS")).items()}
        )
    own, wanted = (numbered(part(request, name)) for name in ("FROM_ANSWER", "FROM_REFERENCE"))
    reference, answer = part(request, "REFERENCE"), part(request, "ANSWER")
    verdicts = {name: supported(claim, reference) for name, claim in own.items()}
    return json.dumps(verdicts | {name: supported(claim, answer) for name, claim in wanted.items()})


class ScriptedJudge:
    """Replies as `change(kind, text)` makes of the honest reply; `kind` is claims, questions or verdicts."""

    def __init__(self, change=lambda kind, text: text, finish_reason="stop"):
        self.change, self.finish_reason, self.requests = change, finish_reason, []

    async def complete(self, request):
        self.requests.append(request)
        await asyncio.sleep(0)
        names = request.reply_schema["properties"]
        kind = next((name for name in ("claims", "questions") if name in names), "verdicts")
        text = self.change(kind, honest(request))
        return ChatReply(text=text, finish_reason=self.finish_reason, prompt_tokens=1, completion_tokens=1)

    @property
    def judge(self):
        return Judge("scripted", self, 4)
