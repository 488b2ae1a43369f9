"""ShareGPT's form: turns with "from" and "value"."""

from raftune.exporters import Lines, Row, asked, replied
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example

SPEAKERS = {"system": "system", "user": "human", "assistant": "gpt"}


def row(example: Example, prompt: RaftPrompt) -> Row:
    """System, human and gpt."""
    turns = [*asked(example, prompt), replied(example, prompt)]
    return {"conversations": [{"from": SPEAKERS[turn["role"]], "value": turn["content"]} for turn in turns]}


plug = Lines(row, trainers=("axolotl", "llama_factory"))
