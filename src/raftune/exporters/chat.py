"""OpenAI's chat form, {"messages": [...]}: taken by OpenAI and Azure, and by most libraries."""

from raftune.exporters import Lines, Row, asked, replied
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example


def row(example: Example, prompt: RaftPrompt) -> Row:
    """System, user and assistant."""
    return {"messages": [*asked(example, prompt), replied(example, prompt)]}


plug = Lines(row, trainers=("axolotl", "llama_factory", "unsloth"), hosted=True)
