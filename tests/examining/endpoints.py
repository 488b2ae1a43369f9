"""A test server's model as a subject, and what is found out about it."""

import asyncio
from pathlib import Path
from typing import Any

from raftune.endpoints.keys import Keys
from raftune.examining.check import Check
from raftune.examining.endpoints import examined
from raftune.examining.room import Need
from raftune.examining.subjects import Kind, Subject
from raftune.examining.trying import Spent
from raftune.roles import EmbedderConfig, TeacherConfig

NUMBER = '{"number": 7}'
"""A reply that stands for everything the doctor asks: it is text, it is of the schema, and it reads the digit."""


def subject_at(url: str, kind: Kind = "chat", **settings: Any) -> Subject:
    config = EmbedderConfig if kind == "embeddings" else TeacherConfig
    return Subject(("teacher",), kind, config(provider="openai", model="m", base_url=url, **settings), "m")


def checks_of(subject: Subject, folder: Path | None = None, needs: list[Need] | None = None) -> dict[str, Check]:
    return {check.name: check for check in asyncio.run(examined(subject, Keys(folder), needs or [], Spent()))}


def states(found: dict[str, Check]) -> dict[str, str]:
    return {name: check.state for name, check in found.items()}
