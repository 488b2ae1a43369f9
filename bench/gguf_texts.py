"""The texts of a tuned model in GGUF beside those of the local engine, for bench/serve.py."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from raftune.api import Project, open_project, stored
from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.models.student import find_student, safetensors_folder
from raftune.outgoing import export_model
from raftune.prompts.raft import default_prompt
from raftune.registry import load

PROMPTS, MOST = 20, 64
NUMBERS = ("f32", "f16", "q8_0")


def same_texts(folder: Path) -> dict[str, int]:
    """Of 20 prompts of a project's test part, by the numbers of the GGUF: how many have the same greedy text."""
    project = open_project(folder)
    requests = requests_of(project)
    student, adapter = find_student(project.student_name), stored(project, "train").file("adapter")
    wanted = texts(load("providers", "transformers")(safetensors_folder(student), adapter), requests)
    found = {}
    for numbers in NUMBERS:
        with tempfile.TemporaryDirectory() as name:
            gguf = export_model(project, "gguf", Path(name) / "out", numbers) / "model.gguf"
            got = texts(load("providers", "llama_cpp")(gguf), requests)
        found[numbers] = sum(map(str.__eq__, got, wanted))
    return found


def requests_of(project: Project) -> list[ChatRequest]:
    """The prompts."""
    rows: Any = [row for row in stored(project, "assemble") if getattr(row, "split", "") == "test"]
    return [
        ChatRequest(
            model="tuned",
            messages=tuple(
                ChatMessage.model_validate({"role": role, "content": text})
                for role, text in default_prompt().of_example(row)
            ),
            max_tokens=MOST,
        )
        for row in rows[:PROMPTS]
    ]


def texts(model: Any, requests: Sequence[ChatRequest]) -> list[str]:
    """Greedy replies, one after the other."""

    async def everything() -> list[ChatReply]:
        return [await model.complete(request) for request in requests]

    try:
        return [reply.text.strip() for reply in asyncio.run(everything())]
    finally:
        model.close()
