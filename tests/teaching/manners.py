"""A teacher's manner, a reply and passages that several tests share."""

import json
from typing import Any

from raftune.contracts import ChatReply
from raftune.records import Chunk
from raftune.stage import Teacher
from tests.support import ScriptedChat, make_chunk

ENGLISH = (
    "# Ports\n\nThe Agency inspected 73 ports during 2021, nine of them twice. "
    "Licences of pilots are renewed every two years unless the holder has left the country.\n\n"
    "| Port | Ships |\n| --- | --- |\n| North | 410 |\n| South | 365 |\n\n"
    "First submit the form, then pay the fee of 40 dollars at the office of the Agency."
)
KOREAN = (
    "# 항만\n\n2021년에 공단은 항만 73곳을 점검하였으며, 그중 9곳이 안전하지 않은 것으로 나타났다. "
    "도선사 면허는 소지자가 출국한 경우를 제외하고 2년마다 갱신하여야 한다.\n\n"
    "| 항만 | 선박 |\n| --- | --- |\n| 북항 | 410척 |\n| 남항 | 365척 |"
)
API = (
    "# HybridNets\n\ndomain: Object Detection\nframework: PyTorch\n"
    "api_call: torch.hub.load(repo_or_dir='datvuthanh/hybridnets', model='hybridnets', pretrained=True)\n"
    "description: HybridNets is an end-to-end perception network for many tasks, such as finding vehicles and lanes."
)
CALL = "torch.hub.load(repo_or_dir='datvuthanh/hybridnets', model='hybridnets', pretrained=True)"


def chunk(text: str = ENGLISH, language: str = "en", **fields: Any) -> Chunk:
    return make_chunk(text, language=language).changed(headings=("1 Rules", "Ports"), **fields)


def api_chunk() -> Chunk:
    return chunk(API, media_type="application/json")


def manner(
    recipe: str = "auto", *replies: object, questions: int = 5, reasoning: bool = False, **fields: Any
) -> Teacher:
    texts = [reply if isinstance(reply, str) else json.dumps(reply) for reply in replies]
    return Teacher("scripted", ScriptedChat(texts), questions, reasoning, recipe=recipe, **fields)


def reply(content: object, finish_reason: str = "stop") -> ChatReply:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return ChatReply(text=text, finish_reason=finish_reason, prompt_tokens=1, completion_tokens=1)
