"""Prompt and completion, both as messages: the student's own chat template is put around them when it trains.

As bare text the prompt would lack that template, and the student would be trained on what it is never asked later.
"""

from raftune.exporters import Lines, Row, asked, replied
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example


def row(example: Example, prompt: RaftPrompt) -> Row:
    """Only the completion is learned."""
    return {"prompt": asked(example, prompt), "completion": [replied(example, prompt)]}


plug = Lines(row, trainers=("trl",))
