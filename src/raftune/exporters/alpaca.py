"""Alpaca's form. The whole user message is the instruction: with an empty `input` nothing is put between."""

from raftune.exporters import Lines, Row, asked, replied
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example


def row(example: Example, prompt: RaftPrompt) -> Row:
    """Instruction, input, output, and the system text."""
    texts = {turn["role"]: turn["content"] for turn in asked(example, prompt)}
    return {
        "instruction": texts["user"],
        "input": "",
        "output": replied(example, prompt)["content"],
        "system": texts.get("system", ""),
    }


plug = Lines(row, trainers=("llama_factory",))
